import { describe, expect, it, vi } from 'vitest';
import { useArticles } from '../support.ts';
import type { BreakableDemo } from './support.ts';
import { startBreakableDemo } from './support.ts';

const database = useArticles();

const PATHS = [
  '/query_cache',
  '/api/articles',
  '/query_cache?term=zebra',
  '/api/articles?term=river&limit=50',
];
const EVERY_MS = 5;

/** Asks 200 times a second, whether the answers come or not, and counts what came, by how it was come by. */
function ask(demo: BreakableDemo) {
  const counts = { hit: 0, miss: 0, bypass: 0, failed: 0 };
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let sent = 0;
  const one = async (path: string) => {
    const response = await demo.get(path);
    const body = await response.text();
    const status = response.headers.get('cache-status') ?? '';
    const outcome = /hit|fwd=(miss|bypass)/.exec(status);
    if (response.status !== 200 || outcome === null) throw new Error(`${path}: ${response.status} ${body}`);
    counts[(outcome[1] ?? 'hit') as 'hit' | 'miss' | 'bypass'] += 1;
  };
  const timer = setInterval(() => {
    const asked = one(PATHS[sent++ % PATHS.length] ?? '/').catch((error: unknown) => {
      counts.failed += 1;
      failures.push(error);
    });
    underWay.add(asked);
    void asked.finally(() => underWay.delete(asked));
  }, EVERY_MS);
  return {
    counts,
    failures,
    async end() {
      clearInterval(timer);
      await Promise.all(underWay);
    },
  };
}

describe('200 requests a second', () => {
  it.each(['stop', 'hang', 'slow', 'evict'] as const)('%s, and mended: none fails', async (name) => {
    const demo = await startBreakableDemo(database);
    for (const path of PATHS) await demo.ask(path);
    const load = ask(demo);
    const passed = async (count: number) => {
      const { hit, miss, bypass } = load.counts;
      const goal = hit + miss + bypass + count;
      await vi.waitFor(
        () => expect(load.counts.hit + load.counts.miss + load.counts.bypass).toBeGreaterThan(goal),
        { timeout: 20_000 },
      );
    };
    await passed(100);
    await demo.faults.begin(name, { seconds: 1 });
    await vi.waitFor(() => expect(demo.faults.active).toBeUndefined(), { timeout: 20_000 });
    await demo.whenHit();
    const hits = load.counts.hit;
    await passed(100);
    await load.end();
    expect(load.failures).toEqual([]);
    expect(load.counts.hit).toBeGreaterThan(hits);
    if (name === 'stop' || name === 'hang') expect(load.counts.bypass).toBeGreaterThan(0);
    else expect(load.counts.hit).toBeGreaterThan(100);
  });
});
