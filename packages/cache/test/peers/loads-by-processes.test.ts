import { expect, inject, onTestFinished, test } from 'vitest';
import { openCrowd } from '../../bench/support/crowd.ts';
import { testPrefix } from '../support.ts';

// Every peer loads a key once in each process that misses it; async-cache-dedupe and cachified share a load within one process only,
// bentocache locks within one.

test('processes that miss one key at the same moment load it once between them', async () => {
  const crowd = await openCrowd(3, {
    redisUrl: inject('redisUrl'),
    prefix: testPrefix(),
    library: 'ours',
    callers: 50,
    loadMs: 100,
    fails: false,
  });
  onTestFinished(() => crowd.close());
  for (const key of ['article:1', 'article:2']) {
    const reports = await crowd.rush(key);
    expect(reports.reduce((sum, { loads }) => sum + loads, 0)).toBe(1);
    for (const { got } of reports) expect([...got]).toEqual([['load 1', 50]]);
  }
});
