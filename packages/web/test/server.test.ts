import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createDemoStore, ListenError, startServer } from '../src/index.ts';
import { CONFIG, startDemo, startTappedDemo, useArticles } from './support.ts';

const database = useArticles();

describe('startServer', () => {
  it('says which port is taken and what to do', async () => {
    const first = await startDemo(database);
    const { port } = first.server;
    const second = startServer({
      ...CONFIG,
      ...database,
      redisUrl: 'redis://127.0.0.1:1',
      port,
      logLevel: 'silent',
    });
    await expect(second).rejects.toThrow(ListenError);
    await expect(second).rejects.toThrow(
      `Port ${port} is taken by another program. Stop that one, or choose another port: PORT=${port + 1} npm start`,
    );
  });

  it('says that HOST is no address of this machine', async () => {
    const start = startServer({
      ...CONFIG,
      ...database,
      redisUrl: 'redis://127.0.0.1:1',
      host: '192.0.2.1',
      logLevel: 'silent',
    });
    await expect(start).rejects.toThrow(/^HOST is 192\.0\.2\.1, which is no address of this machine/);
  });

  it('starts without its engines, and says on its pages that they are away', async () => {
    const server = await startServer({
      ...CONFIG,
      mysqlUrl: 'mysql://nobody@127.0.0.1:1/nothing',
      redisUrl: 'redis://127.0.0.1:1',
      logLevel: 'silent',
    });
    onTestFinished(() => server.close());
    expect((await fetch(`${server.url}/`)).status).toBe(200);
    expect((await fetch(`${server.url}/query_cache`)).status).toBe(503);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  it('runs on any store that can do what its pages ask', async () => {
    const { server, redis } = await startDemo(database);
    expect(redis.status).toBeDefined();
    const store = createDemoStore({ ...CONFIG, ...database, redisUrl: 'redis://127.0.0.1:1' });
    const close = vi.spyOn(store, 'close');
    const shown = await startServer(
      { ...CONFIG, logLevel: 'silent' },
      { store: { ...store, close, name: 'a store of its own' } },
    );
    expect(await (await fetch(`${shown.url}/`)).text()).toContain('a store of its own');
    expect(shown.port).not.toBe(server.port);
    await shown.close();
    expect(close).toHaveBeenCalledTimes(1);
  });
});

describe('close', () => {
  it('lets a request in flight finish, takes no new one, and closes idle connections', async () => {
    const demo = await startTappedDemo(database);
    const idle = connect(demo.server.port, '127.0.0.1');
    await once(idle, 'connect');
    const hold = demo.mysqlTap.weather.hold((event) => event.kind === 'execute');
    const inFlight = demo.get('/query_mysql');
    await hold.arrived;

    const closed = demo.server.close();
    await once(idle.resume(), 'close');
    await expect(fetch(`${demo.server.url}/healthz`)).rejects.toThrow('fetch failed');
    hold.release();

    const response = await inFlight;
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('From MySQL');
    await closed;
    expect(demo.server.close()).toBe(demo.server.close());
    await vi.waitFor(
      () => expect([demo.mysqlTap.openConnections, demo.redisTap.openConnections]).toEqual([0, 0]),
      { timeout: 20_000 },
    );
  });

  it('cuts off what is still in flight at the limit', async () => {
    const demo = await startTappedDemo({ ...database, stopLimitMs: 50, mysqlTimeoutMs: 1_000 });
    const hold = demo.mysqlTap.weather.hold((event) => event.kind === 'execute');
    const inFlight = demo.get('/query_mysql');
    const failed = expect(inFlight).rejects.toThrow('fetch failed');
    await hold.arrived;
    const closed = demo.server.close();
    await failed;
    await closed;
    hold.release();
    expect(demo.log.join('')).toContain('cut off');
  });
});
