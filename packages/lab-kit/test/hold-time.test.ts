import { afterAll, expect, test } from 'vitest';
import { scratchFolder } from './support.ts';
import { clients, observed, verifier } from './verify.ts';

const folder = await scratchFolder();
afterAll(async () => await folder.remove());
const verify = verifier(folder);

/** So long time is held, ms, and so far a clock may go all the same: it stops at the end of a window. */
const heldMs = 500;
const windowMs = 20;

const counts = `${clients}
  export function createArticleStore(options: any) {
    const redis = new Redis(options.redisUrl);
    redis.on('ready', async () => { for (let n = 0; n < 20; n++) await redis.incr('started'); });
    return {
      run: async (what: string) => (what === 'clock' ? performance.now() : await redis.incr(what)),
      close: async () => redis.disconnect(),
    };
  }`;

test('while time is held the clock stands, and what needs no time is done', async () => {
  const verdict = await verify(counts, async ({ store, another, holdTime, redis }) => {
    const { store: other } = await another();
    const passed = await holdTime(async () => {
      const until = performance.now() + heldMs;
      const from = Number(await store.run('clock'));
      let now = from;
      while (performance.now() < until) now = Number(await store.run('clock'));
      void other.run('meanwhile');
      return now - from;
    });
    expect(passed).toBeLessThanOrEqual(windowMs);
    return String(await redis.get('meanwhile'));
  });
  expect(observed(verdict)).toEqual(['1']);
});

test('what a process does by itself as it starts is over when the check goes on', async () => {
  const verdict = await verify(counts, async ({ another, restart, observe, store, redis }) => {
    // What the first process stored as it started was taken away before the check began.
    const started = [await redis.get('started')];
    for (const start of [another, restart]) {
      await start();
      started.push(await redis.get('started'));
    }
    const seen = await observe(async () => await store.run('clock'));
    return JSON.stringify([...started, seen.redis.length]);
  });
  expect(observed(verdict)).toEqual(['[null,"20","40",0]']);
});
