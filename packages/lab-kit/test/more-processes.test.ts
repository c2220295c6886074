import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { scratchFolder, storeSource } from './support.ts';
import { clients, observed, verifier } from './verify.ts';

const folder = await scratchFolder();
afterAll(async () => await folder.remove());
const verify = verifier(folder);

describe('another process', () => {
  const counts = storeSource(
    {
      run: `if (args[0] === 'redis') { const redis = new Redis(options.redisUrl); await redis.incr('n'); redis.disconnect(); }
          if (args[0] === 'hang') { setInterval(() => {}, 1e6); return await new Promise(() => {}); }
          return [process.pid, ++calls]`,
    },
    `${clients} let calls = 0;`,
  );

  test('has a store of its own, and the same wiretaps', async () => {
    let pids: number[] = [];
    const verdict = await verify(
      counts,
      async ({ store, another, observe, redis }) => {
        const other = await another();
        const seen = await observe(async () => [await store.run('redis'), await other.store.run('redis')]);
        pids = (seen.value as [number, number][]).map(([pid]) => pid);
        expect(pids[0]).not.toBe(pids[1]);
        expect(seen.commands('INCR')).toHaveLength(2);
        return `${await redis.get('n')}`;
      },
      async ({ store }) => {
        expect(isRunning(pids[1]!)).toBe(false);
        return JSON.stringify(((await store.run()) as number[])[1]);
      },
    );
    // The first process went on from one check to the next.
    expect(observed(verdict)).toEqual(['2', '2']);
    expect(verdict.transcript.map((line) => line.request)).toContain("server 2: run('redis')");
  });

  test('can be finished or killed, also with a call under way', async () => {
    const verdict = await verify(counts, async ({ another, store, observe }) => {
      const one = await another();
      const two = await another();
      const hanging = two.store.run('hang').catch((error: Error) => error.message);
      const finished = await one.finish();
      await two.kill();
      const seen = await observe(async () => await store.run());
      return `${finished}; ${String(await hanging)}; ${(seen.value as number[])[1]}`;
    });
    expect(observed(verdict)).toEqual(["true; the process ended during run('hang') (signal SIGKILL); 1"]);
  });
});

test('a learner may write several files', async () => {
  const verdict = await verify(
    {
      'article-store.ts': storeSource(
        { run: 'return double(21)' },
        `import { double } from './deep/double.ts';`,
      ),
      'deep/double.ts': `import { two } from '../two.ts'; export const double = (n: number): number => two * n;`,
      'two.ts': 'export const two = 2;',
    },
    async ({ store }) => String(await store.run()),
  );
  expect(observed(verdict)).toEqual(['42']);
});

describe('a harness', () => {
  test('makes the object that is called, out of what the learner wrote', async () => {
    const harness = await folder.write(
      'harness/harness.ts',
      `export async function open(entry: string, options: { redisUrl: string }) {
         const { rules } = await import(entry);
         return { run: async (n: number) => rules(n, options.redisUrl.split(':')[0]) };
       }`,
    );
    const withHarness = verifier(folder, { harness: pathToFileURL(harness) });
    const good = await withHarness(
      'export const rules = (n: number, scheme: string) => `${scheme} ${n}`;',
      async ({ store }) => String(await store.run(7)),
    );
    expect(observed(good)).toEqual(['redis 7']);
    const bad = await withHarness(`\nthrow new Error('boom')`, async ({ store }) =>
      String(await store.run(7)),
    );
    expect(observed(bad)[0]).toMatch(/^Error: boom \(at .*article-store\.ts:2:\d+\)$/);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
