import { afterAll, describe, expect, test } from 'vitest';
import { scratchFolder, storeSource } from '../support.ts';
import { clients, observed, verifier, type Run } from '../verify.ts';

const folder = await scratchFolder();
afterAll(async () => await folder.remove());
const verify = verifier(folder);

const imports = `${clients}
  import * as timers from 'node:timers';
  import { setTimeout as sleep, setInterval as every, scheduler } from 'node:timers/promises';
  import { AsyncLocalStorage } from 'node:async_hooks';
  import { promisify } from 'node:util';
  import { performance } from 'node:perf_hooks';
  const fired: unknown[] = [];
  const start = Date.now();
  /** Since the start, in hundreds of ms, so that the time that really goes by does not show. */
  const at = () => Math.floor((Date.now() - start) / 100) / 10;`;

/** Sets something going, lets 10 s pass, and tells what has come of it. */
async function after10s(setUp: string): Promise<unknown> {
  const source = storeSource({ run: `if (args[0]) return fired; ${setUp}` }, imports);
  const run: Run = async ({ store, passTime }) => {
    await store.run();
    await passTime(10_000);
    return JSON.stringify(await store.run('fired'));
  };
  return JSON.parse(observed(await verify(source, run))[0]!);
}

describe('when time passes', () => {
  test('timers fire in order, each at its own time', async () => {
    const fired = await after10s(`
      const note = (name: string) => () => fired.push([name, at()]);
      setTimeout(note('late'), 9_000);
      setTimeout(note('never'), 60_000);
      timers.setTimeout(note('early'), 2_000).unref();
      const interval = setInterval(() => { note('again')(); if (at() > 7) clearInterval(interval); }, 3_000);
      clearTimeout(setTimeout(note('cleared'), 1_000));
      clearTimeout(Number(setTimeout(note('cleared by number'), 1_000)));
      setTimeout(() => setTimeout(note('nested'), 500), 4_000);
      sleep(5_000).then(note('promised'));
      promisify(setTimeout)(5_200).then(note('promisified'));
      scheduler.wait(5_400).then(note('scheduled'));
      AbortSignal.timeout(5_600).addEventListener('abort', note('aborted'));
      const refreshed = setTimeout(note('refreshed'), 6_500);
      setTimeout(() => refreshed.refresh(), 1_000);`);
    expect(fired).toEqual([
      ['early', 2],
      ['again', 3],
      ['nested', 4.5],
      ['promised', 5],
      ['promisified', 5.2],
      ['scheduled', 5.4],
      ['aborted', 5.6],
      ['again', 6],
      ['refreshed', 7.5],
      ['late', 9],
      ['again', 9],
    ]);
  });

  test('every clock moves on by so much', async () => {
    const fired = await after10s(`
      const clocks = () => [Date.now(), new Date().getTime(), Date.parse(Date()), performance.now(), globalThis.performance.now(),
        process.hrtime()[0] * 1000, Number(process.hrtime.bigint()) / 1e6];
      const before = clocks();
      setTimeout(() => fired.push(...clocks().map((now, n) => Math.round((now - before[n]!) / 1000))), 9_000);
      const since = process.hrtime();
      setTimeout(() => fired.push(process.hrtime(since)[0]), 9_500);`);
    expect(fired).toEqual([9, 9, 9, 9, 9, 9, 9, 9]);
  });

  test('an interval of promises ticks, and an aborted wait rejects as ever', async () => {
    const fired = await after10s(`
      (async () => { for await (const value of every(4_000, 'tick')) fired.push([value, at()]); })();
      const controller = new AbortController();
      sleep(9_000, 1, { signal: controller.signal }).catch((error) => fired.push([error.name, error.code, at()]));
      setTimeout(() => controller.abort(), 5_000);`);
    expect(fired).toEqual([
      ['tick', 4],
      ['AbortError', 'ABORT_ERR', 5],
      ['tick', 8],
    ]);
  });

  test('a timer keeps its arguments, its this and its async context', async () => {
    const fired = await after10s(`
      const storage = new AsyncLocalStorage();
      storage.run('context', () => {
        const timer = setTimeout(function (this: unknown, ...given) { fired.push([given, this === timer, storage.getStore()]); }, 1_000, 'a', 2);
      });`);
    expect(fired).toEqual([[['a', 2], true, 'context']]);
  });

  test('dates are dates as before', async () => {
    const fired = await after10s(`
      class Day extends Date {}
      const made = [new Date(), new Date(0), new Day(), structuredClone(new Date())];
      fired.push(made.every((date) => date instanceof Date), new Day() instanceof Day, new Date(2020, 1, 2).getTime() === +new Date('2020-02-02T00:00:00'),
        typeof Date(), Date.length, Date.name, Date.prototype.constructor === Date, Date.UTC(2020, 0));`);
    expect(fired).toEqual([true, true, true, 'string', 7, 'Date', true, Date.UTC(2020, 0)]);
  });

  test('an error in a timer ends the process as ever', async () => {
    const source = storeSource({ run: `setTimeout(() => { throw new Error('late') }, 5_000)` });
    const verdict = await verify(source, async ({ store, passTime }) => {
      await store.run();
      await passTime(10_000);
      return String(await store.run());
    });
    expect(verdict.checks[0]).toMatchObject({
      passed: false,
      observed: 'the process ended during a pause between two calls (exit code 1)',
      output: expect.stringContaining('Error: late'),
    });
  });
});

test('a process that is not told that time passes keeps the time of the machine', async () => {
  const source = storeSource(
    {
      run: `const began = performance.now();
            await sleep(30);
            await new Promise((resolve) => { let n = 0; const i = setInterval(() => { if (++n === 3) { clearInterval(i); resolve(0); } }, 10); });
            return [performance.now() - began, Date.now()]`,
    },
    imports,
  );
  const verdict = await verify(source, async ({ store }) => {
    const [tookMs, now] = (await store.run()) as [number, number];
    expect(tookMs).toBeGreaterThanOrEqual(58);
    expect(Math.abs(Date.now() - now)).toBeLessThan(60_000);
    return 'real';
  });
  expect(observed(verdict)).toEqual(['real']);
});

describe('while the stores are at work, time stands still', () => {
  const source = storeSource(
    {
      run: `connection ??= await createConnection(options.mysqlUrl);
            const [seconds] = args;
            const began = [performance.now(), Date.now(), Number(process.hrtime.bigint() / 1_000_000n)];
            const answer = await Promise.race([connection.query('SELECT SLEEP(?)', [seconds]).then(() => 'in time'), sleep(100, 'timed out')]);
            return [answer, performance.now() - began[0], Date.now() - began[1], Number(process.hrtime.bigint() / 1_000_000n) - began[2]];`,
      close: `connection?.destroy()`,
    },
    `${imports} let connection: Awaited<ReturnType<typeof createConnection>> | undefined;`,
  );

  test('a time-out is not reached by an answer that is on its way, and is by one that never comes', async () => {
    const verdict = await verify(source, async ({ store, weather }) => {
      const [late, ...took] = (await store.run(0.3)) as [string, ...number[]];
      expect(late).toBe('in time');
      for (const ms of took) expect(ms).toBeLessThan(100);
      weather.mysql.hang();
      const [never, ...tookToo] = (await store.run(0)) as [string, ...number[]];
      expect(never).toBe('timed out');
      for (const ms of tookToo) expect(ms).toBeGreaterThanOrEqual(99);
      return 'told apart';
    });
    expect(observed(verdict)).toEqual(['told apart']);
  });

  test('but not for ever', async () => {
    const verdict = await verify(source, async ({ store }) => JSON.stringify(await store.run(2)));
    expect(observed(verdict)[0]).toContain('timed out');
  });

  test('nor for code that asks for the time until it has passed', async () => {
    const busy = storeSource({
      run: `const until = Date.now() + 100; while (Date.now() < until); return 'passed'`,
    });
    expect(observed(await verify(busy, async ({ store }) => String(await store.run())))).toEqual(['passed']);
  });
});

describe('Redis and the processes agree', () => {
  const source = storeSource(
    {
      run: `redis ??= new Redis(options.redisUrl);
            switch (args[0]) {
              case 'renew': setInterval(() => redis.pexpire('lock', 3_000), 1_000); return await redis.set('lock', 1, 'PX', 3_000);
              case 'poll': return await new Promise((resolve) => { const look = async () => {
                if (await redis.get('lock')) setTimeout(look, 50); else resolve(at()); }; void look(); });
              default: return at();
            }`,
      close: 'redis?.disconnect()',
    },
    `${imports} let redis: any;`,
  );

  test('keys expire when their time has come, and not before', async () => {
    const verdict = await verify(source, async ({ redis, passTime }) => {
      await redis.mset('short', 1, 'kept', 1);
      await redis.pexpire('short', 60_000);
      await passTime(50_000);
      const before = await redis.pttl('short');
      await passTime(10_000);
      return [before > 8_000 && before <= 10_000, await redis.keys('*')].join(' ');
    });
    expect(observed(verdict)).toEqual(['true kept']);
  });

  test('what a timer renews stays, and what nobody renews ends a wait', async () => {
    const verdict = await verify(
      source,
      async ({ store, redis, passTime }) => {
        await store.run('renew');
        await passTime(60_000);
        return String(await redis.exists('lock'));
      },
      async ({ store, redis, passTime }) => {
        await redis.set('lock', 1, 'PX', 3_000);
        const polled = store.run('poll');
        await passTime(5_000);
        const at = (await polled) as number;
        return at >= 2.9 && at <= 3.5 ? 'in time' : String(at);
      },
    );
    expect(observed(verdict)).toEqual(['1', 'in time']);
  });

  test('another process, started before or after, has the same clock; the next check begins anew', async () => {
    const verdict = await verify(
      source,
      async ({ store, another, passTime }) => {
        const early = await another();
        await passTime(100_000);
        const late = await another();
        const stores = [store, early.store, late.store];
        // `late` counts from its own start.
        return (
          await Promise.all(stores.map(async (each) => Math.floor(Number(await each.run()) / 50)))
        ).join();
      },
      async ({ store }) => String(Number(await store.run()) < 50),
    );
    expect(observed(verdict)).toEqual(['2,2,0', 'true']);
  });
});
