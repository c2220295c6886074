import { testKeyPrefix } from '@workshop/engines/test-space';
import { Redis } from 'ioredis';
import { inject, onTestFinished } from 'vitest';
import { beforeEach, describe, expect, it } from 'vitest';
import { redisClient } from '../support/clients.ts';
import { commands, lines } from '../support/events.ts';
import { RawClient } from '../support/raw-client.ts';
import { DATABASE, EMPTIED_DATABASE, redisTap } from '../support/taps.ts';

let key: string;
beforeEach(() => {
  key = testKeyPrefix();
});

/** Looks at the store around the tap. */
function direct(database: number): Redis {
  const url = new URL(inject('redisUrl'));
  url.pathname = `/${database}`;
  const client = new Redis(url.href);
  onTestFinished(() => client.disconnect());
  return client;
}

describe('a tap with a database of its own', () => {
  it('keeps its clients there whatever they SELECT, and lets them in whatever they say', async () => {
    const tap = await redisTap();
    const store = direct(DATABASE);
    for (const options of [
      { db: 3 },
      { db: 3, password: 'wrong', protocol: 2 as const },
      { db: 0, username: 'nobody', password: 'wrong', protocol: 3 as const },
    ]) {
      const client = redisClient(tap, options);
      await client.set(key, JSON.stringify(options), 'EX', 60);
      expect(await store.get(key)).toBe(JSON.stringify(options));
    }
    expect(await direct(3).exists(key)).toBe(0);
  });

  it('records SELECT, AUTH and HELLO as the client said them, and really negotiates', async () => {
    const tap = await redisTap();
    const client = new RawClient(tap.port);
    client.write(
      'AUTH nobody wrong\r\nSELECT 3\r\nHELLO 3 AUTH nobody wrong SETNAME me\r\nCLIENT GETNAME\r\n',
    );
    expect(await client.readThrough('+OK\r\n')).toBe('+OK\r\n');
    expect(await client.readThrough('+OK\r\n')).toBe('+OK\r\n');
    expect(await client.readThrough('$2\r\nme\r\n')).toMatch(/^%7\r\n/);
    expect(commands(tap.record)).toMatchObject([
      {
        name: 'AUTH',
        args: [Buffer.from('nobody'), Buffer.from('wrong')],
        reply: 'OK',
        guarded: 'rewritten',
      },
      { name: 'SELECT', args: [Buffer.from('3')], reply: 'OK', guarded: 'rewritten' },
      { name: 'CLIENT', reply: Buffer.from('me') },
    ]);
  });

  it('stays in its database after RESET, and within a transaction', async () => {
    const tap = await redisTap();
    const client = new RawClient(tap.port);
    client.write(`RESET\r\nSET ${key}a 1 EX 60\r\nMULTI\r\nSELECT 3\r\nSET ${key}b 2 EX 60\r\nEXEC\r\n`);
    await client.readThrough('*2\r\n+OK\r\n+OK\r\n');
    expect(await direct(DATABASE).mget(`${key}a`, `${key}b`)).toEqual(['1', '2']);
  });

  it('empties its own database where the client says FLUSHALL', async () => {
    const tap = await redisTap({ database: EMPTIED_DATABASE });
    const client = redisClient(tap);
    const other = direct(DATABASE);
    await other.set(key, 'stays', 'EX', 60);
    await client.set(key, 'goes', 'EX', 60);
    expect(await client.flushall('ASYNC')).toBe('OK');
    expect(await client.multi().set(key, 'goes').flushall().exec()).toEqual([
      [null, 'OK'],
      [null, 'OK'],
    ]);
    expect(await client.dbsize()).toBe(0);
    expect(await other.get(key)).toBe('stays');
    expect(commands(tap.record).filter(({ name }) => name === 'FLUSHALL')).toMatchObject([
      { args: [Buffer.from('ASYNC')], reply: 'OK', guarded: 'rewritten' },
      { args: [], reply: 'OK', guarded: 'rewritten' },
    ]);
  });

  it('refuses what reaches further, and records that', async () => {
    const tap = await redisTap();
    const client = redisClient(tap);
    const refusal = 'ERR the wiretap does not pass on CONFIG SET: it reaches beyond this database';
    await expect(client.config('SET', 'maxmemory', '1mb')).rejects.toThrow(refusal);
    expect(await client.ping()).toBe('PONG');
    expect(commands(tap.record)[0]).toMatchObject({
      name: 'CONFIG',
      guarded: 'refused',
      reply: { error: refusal },
    });
  });

  it('refuses it in the middle of a pipeline, in its turn', async () => {
    const tap = await redisTap();
    const client = redisClient(tap);
    await client.pipeline().echo('one').call('SHUTDOWN').echo('two').exec();
    expect(lines(tap.record)).toEqual([
      'ECHO one -> "one"',
      expect.stringContaining('SHUTDOWN -> (ERR the wiretap does not pass on SHUTDOWN'),
      'ECHO two -> "two"',
    ]);
  });

  it('refuses it in a transaction, which then does not run', async () => {
    const tap = await redisTap();
    const client = new RawClient(tap.port);
    client.write(`MULTI\r\nSET ${key} 1 EX 60\r\nSWAPDB 0 1\r\nEXEC\r\nEXISTS ${key}\r\n`);
    const heard = await client.readThrough(':0\r\n');
    expect(heard.split('\r\n').slice(0, 4)).toEqual([
      '+OK',
      '+QUEUED',
      '-ERR the wiretap does not pass on SWAPDB: it reaches beyond this database',
      '-EXECABORT Transaction discarded because of previous errors.',
    ]);
  });

  it('asks a guard of the user’s own, or none', async () => {
    const strict = await redisTap({
      guard: (name) => (name === 'KEYS' ? { refuse: 'ERR no KEYS here' } : 'pass'),
    });
    await expect(redisClient(strict).keys('*')).rejects.toThrow('ERR no KEYS here');
    const open = await redisTap({ guard: false });
    expect(await redisClient(open).acl('USERS')).toContain('default');
  });

  it('ends the connection with the reason when its own login is refused', async () => {
    const tap = await redisTap({ password: 'wrong' });
    const client = new RawClient(tap.port);
    await client.readToEnd();
    await tap.record.waitFor(({ kind }) => kind === 'disconnect', { timeoutMs: 10_000 });
    expect(tap.record.events.at(-1)).toMatchObject({
      by: 'tap',
      note: expect.stringMatching(/^the store refused the tap's AUTH: (WRONGPASS|ERR)/),
    });
  });
});
