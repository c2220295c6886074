import type { ThrowawayReplicaSet } from '@workshop/engines/throwaway';
import { throwawayRedis, throwawayReplicaSet } from '@workshop/engines/throwaway';
import { Redis } from 'ioredis';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { testPrefix } from '../support.ts';
import { cacheClient, isOff, isOn, keep, makeNear, readThrough, until } from './support.ts';

describe('a user with few rights', () => {
  const limited = { user: 'app', password: 'secret', keyPattern: 'articles:*' };

  it('needs the channel, CLIENT ID, CLIENT TRACKING, SUBSCRIBE and PING', async () => {
    const rules = [
      '-@all',
      '+hello',
      '+client|id',
      '+client|tracking',
      '+subscribe',
      '+ping',
      '+get',
      '&__redis__:invalidate',
    ];
    const server = await throwawayRedis({ acl: { ...limited, rules } });
    onTestFinished(() => server.stop());
    const { near, errors } = makeNear({ client: cacheClient(server.userUrl), prefix: 'articles' });
    await isOn(near);
    keep(near, 'articles:a', 1);
    await server.ask('SET', 'articles:a', 'x');
    await until(() => near.get('articles:a') === undefined);
    expect(errors).toEqual([]);
  });

  it('who is given the channel later is let in without a restart', async () => {
    const server = await throwawayRedis({ acl: limited });
    onTestFinished(() => server.stop());
    const { near, errors } = makeNear({
      client: cacheClient(server.userUrl),
      prefix: 'articles',
      heartbeatMs: 100,
    });
    await until(() => errors.some(({ fault }) => fault === 'reply'));
    expect(near.isOn).toBe(false);
    expect(errors.at(-1)?.message).toContain('NOPERM');
    await server.ask('ACL', 'SETUSER', 'app', '&__redis__:invalidate');
    await isOn(near);
  });
});

describe('TLS', () => {
  it('is spoken by the tracking connection too, which checks the certificate as the client does', async () => {
    const server = await throwawayRedis({ tls: true });
    onTestFinished(() => server.stop());
    const url = new URL(server.url);
    url.hostname = 'localhost';
    const client = new Redis(url.href, { tls: { ca: server.ca } });
    client.on('error', () => {});
    onTestFinished(() => client.disconnect());
    const { near, prefix } = makeNear({ client });
    await isOn(near);
    keep(near, `${prefix}:a`, 1);
    await server.ask('SET', `${prefix}:a`, 'x');
    await until(() => near.get(`${prefix}:a`) === undefined);
  });
});

describe('a server that goes away and comes back', () => {
  it('turns the near cache off and on again', async () => {
    const server = await throwawayRedis();
    onTestFinished(() => server.stop());
    const { near, prefix, states } = makeNear({ client: cacheClient(server.url) });
    await isOn(near);
    keep(near, `${prefix}:a`, 1);
    await server.kill('SIGKILL');
    await isOff(near);
    expect(states).toEqual(['on 0', 'off 1']);
    await server.restart();
    await isOn(near);
    keep(near, `${prefix}:a`, 2);
    await server.ask('SET', `${prefix}:a`, 'x');
    await until(() => near.get(`${prefix}:a`) === undefined);
  });

  it('that stands still is not trusted meanwhile', async () => {
    const server = await throwawayRedis();
    onTestFinished(() => server.stop());
    const { near, states } = makeNear({ client: cacheClient(server.url), heartbeatMs: 50 });
    await isOn(near);
    await server.kill('SIGSTOP');
    await until(() => states.some((state) => state.startsWith('off')));
    expect(near.isOn).toBe(false);
    await server.kill('SIGCONT');
    await isOn(near);
  });
});

describe('a client that has moved to another server', () => {
  it('has its changes told by that one', async () => {
    const [first, second] = await Promise.all([throwawayRedis(), throwawayRedis()]);
    onTestFinished(async () => void (await Promise.all([first.stop(), second.stop()])));
    // As behind a name in DNS that leads elsewhere after a failover.
    const client = new Redis(first.url, {
      retryStrategy: () => {
        client.options.port = second.port;
        client.options.password = new URL(second.url).password;
        return 1;
      },
    });
    client.on('error', () => {});
    onTestFinished(() => client.disconnect());
    const { near, prefix, states } = makeNear({ client });
    await isOn(near);
    keep(near, `${prefix}:a`, 1);
    client.disconnect(true);
    await until(() => states.length === 3);
    expect(states).toEqual(['on 0', 'off 1', 'on 0']);
    keep(near, `${prefix}:a`, 2);
    keep(near, `${prefix}:sign`, 2);
    await first.ask('SET', `${prefix}:a`, 'x');
    await second.ask('SET', `${prefix}:sign`, 'x');
    await until(() => near.get(`${prefix}:sign`) === undefined);
    expect(near.get(`${prefix}:a`)?.value).toBe(2);
    await second.ask('SET', `${prefix}:a`, 'x');
    await until(() => near.get(`${prefix}:a`) === undefined);
  });
});

describe('reads that go to a replica', () => {
  const set = {} as { servers: ThrowawayReplicaSet };
  beforeAll(async () => {
    set.servers = await throwawayReplicaSet({ replicas: 1 });
    return () => set.servers.stop();
  });

  function replicated() {
    const { primary, replicas } = set.servers;
    const client = cacheClient(primary.url);
    const reader = cacheClient(replicas[0]?.url);
    return {
      primary,
      replica: replicas[0],
      client,
      reader,
      ...makeNear({ client, reader, prefix: testPrefix() }),
    };
  }

  it('are told of changes by the replica, which learns of them later than the primary', async () => {
    const { near, prefix, primary, reader } = replicated();
    await isOn(near);
    await primary.ask('SET', `${prefix}:a`, 'old');
    await until(async () => {
      await readThrough(near, reader, `${prefix}:a`);
      return near.get(`${prefix}:a`)?.value === 'old';
    });
    await primary.ask('UNLINK', `${prefix}:a`);
    await until(async () => (await readThrough(near, reader, `${prefix}:a`)) === null);
    await until(() => near.get(`${prefix}:a`) === undefined);
  });

  it('are not kept before the client of the replica is connected', async () => {
    const { primary, replicas } = set.servers;
    const client = cacheClient(primary.url);
    const reader = new Redis(replicas[0]?.url ?? '', { lazyConnect: true });
    onTestFinished(() => reader.disconnect());
    const { near, prefix } = makeNear({ client, reader });
    const alone = makeNear({ client, prefix });
    await isOn(alone.near);
    expect(near.isOn).toBe(false);
    await reader.connect();
    await isOn(near);
  });

  it('are kept only while both servers are listened to', async () => {
    const { near, prefix, primary, replica, reader, states } = replicated();
    await isOn(near);
    keep(near, `${prefix}:a`, 1);
    await primary.ask('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await until(() => states.length === 3);
    expect([states, near.get(`${prefix}:a`)]).toEqual([['on 0', 'off 1', 'on 0'], undefined]);
    keep(near, `${prefix}:a`, 1);
    await replica?.kill('SIGKILL');
    await isOff(near);
    expect([states.slice(3), near.get(`${prefix}:a`)]).toEqual([['off 1'], undefined]);
    await replica?.restart();
    // The client comes back in its own time, and has the near cache listen anew.
    await until(() => reader.status === 'ready');
    expect(await reader.ping()).toBe('PONG');
    await isOn(near);
  });

  it('on a replica that copies its primary anew: everything is dropped', async () => {
    const { near, prefix, primary, replica, states } = replicated();
    await isOn(near);
    keep(near, `${prefix}:a`, 1);
    await replica?.ask('REPLICAOF', 'NO', 'ONE');
    await primary.ask('SET', `${prefix}:b`, 'x');
    // Its own history now differs, so it has to copy everything.
    await replica?.ask('SET', `${prefix}:c`, 'x');
    await replica?.ask('REPLICAOF', '127.0.0.1', primary.port);
    await until(() => near.get(`${prefix}:a`) === undefined);
    expect(states).toContain('on 1');
  });
});
