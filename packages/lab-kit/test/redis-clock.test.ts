import { createHash } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { scratchFolder, storeSource } from './support.ts';
import { clients, observed, verifier, type Run } from './verify.ts';

const folder = await scratchFolder();
afterAll(async () => await folder.remove());

const aheadMs = 100_500;
const source = storeSource(
  {
    run: `redis ??= new Redis(options.redisUrl);
          const now = Date.now();
          const reply = await redis.call(...args.map((arg) =>
            arg === 'in 60 s' ? Math.round(now / 1000) + 60 : arg === 'in 60000 ms' ? now + 60_000 : arg));
          return { reply, now }`,
    close: 'redis?.disconnect()',
  },
  `${clients} let redis: any;`,
);

interface Answer {
  reply: unknown;
  /** By the clock of the process. */
  now: number;
}

const getTime = `local now = redis.call('TIME')\nreturn now[1] * 1000 + math.floor(now[2] / 1000)`;
const digest = createHash('sha1').update(getTime).digest('hex');

for (const redis of [undefined, 'own'] as const) {
  const verify = verifier(folder, redis ? { redis } : {});

  describe(`when time has passed, ${redis ? 'a server of its own' : 'the shared server'}`, () => {
    test('tells it', async () => {
      const verdict = await verify(source, async ({ store, passTime }) => {
        const ask = async (...words: unknown[]) => (await store.run(...words)) as Answer;
        await ask('SCRIPT', 'LOAD', getTime);
        await passTime(aheadMs);
        const time = await ask('TIME');
        const [seconds, us] = time.reply as [string, string];
        expect(us).toMatch(/^\d{1,6}$/);
        expect(near(Number(seconds) * 1000 + Number(us) / 1000, time.now)).toBe(true);
        for (const script of [
          await ask('EVAL', getTime, 0),
          await ask('EVALSHA', digest, 0),
          await ask('EVAL', `#!lua flags=no-writes\n${getTime}`, 0),
        ]) {
          expect(near(Number(script.reply), script.now)).toBe(true);
        }
        return 'told';
      });
      expect(observed(verdict)).toEqual(['told']);
    });

    test('lets what is to expire at a moment live until then', async () => {
      const verdict = await verify(source, async ({ store, redis: own, passTime, observe }) => {
        await passTime(aheadMs);
        await own.mset('a', 1, 'b', 1, 'e', 1);
        const seen = await observe(async () => {
          await store.run('EXPIREAT', 'a', 'in 60 s');
          await store.run('PEXPIREAT', 'b', 'in 60000 ms', 'NX');
          await store.run('SET', 'c', 'v', 'EXAT', 'in 60 s');
          await store.run('SET', 'd', 'v', 'NX', 'PXAT', 'in 60000 ms');
          await store.run('GETEX', 'e', 'PXAT', 'in 60000 ms');
          await store.run('EVAL', `redis.call('set', KEYS[1], 'v', 'pxat', ARGV[1])`, 1, 'f', 'in 60000 ms');
          await store.run('SET', 'g', 'PXAT', 'EX', 60);
          const { reply, now } = (await store.run('PEXPIRETIME', 'd')) as Answer;
          return Number(reply) - now;
        });
        expect(Math.abs(seen.value - 60_000)).toBeLessThan(5_000);
        expect(seen.commands('SET')[1]).toMatchObject({ name: 'SET', reply: 'OK' });
        for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) {
          const ttl = await own.pttl(key);
          expect([key, ttl > 55_000 && ttl <= 60_600]).toEqual([key, true]);
        }
        return 'as said';
      });
      expect(observed(verdict)).toEqual(['as said']);
    });

    test('says of errors and of nothing what it always says', async () => {
      const ask: Run = async ({ store, passTime }) => {
        await store.run('SET', 'k', 'v');
        await passTime(aheadMs);
        await store.run('SET', 'k', 'v');
        const replies = [];
        for (const words of [
          ['SET', 'k', 'w', 'NX', 'PXAT', 'in 60000 ms'],
          ['EXPIREAT', 'none', 'in 60 s'],
          ['PEXPIRETIME', 'none'],
          ['EXPIRETIME', 'k'],
          ['EVALSHA', 'ffffffffffffffffffffffffffffffffffffffff', 0],
        ]) {
          replies.push(
            await store.run(...words).then(
              (answer) => (answer as Answer).reply,
              (error: Error) => error.message,
            ),
          );
        }
        return JSON.stringify(replies);
      };
      const [text = ''] = observed(await verify(source, ask));
      expect(JSON.parse(text)).toEqual([null, 0, -2, -1, expect.stringContaining('NOSCRIPT')]);
    });
  });
}

/** A busy machine takes its time between two looks, but no minute. */
function near(a: number, b: number): boolean {
  return Math.abs(a - b) < 50_000;
}
