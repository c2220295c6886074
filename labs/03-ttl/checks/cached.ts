import { fail } from '@workshop/lab-kit';
import { unlike } from '../../describe.ts';
import { cacheTraffic, notShared, whyNoHit } from '../../shared/cache-traffic.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { olderReads, type TimedRead } from './reads.ts';

export const stillCached: LabCheck = {
  id: 'still-cached',
  title: 'search() and byId() are cached as before',
  expected: '3 equal reads: 1 SELECT, and the same answer each time, also when there is none',
  hint: 'This held in lab 02. What is stored with another life is still stored, and still found.',
  hints: [
    'What did your change of the SET do to the look-up before it?',
    'A hit returns what was stored, `[]` and "no such article" included. Is each of them still stored, and told from nothing?',
    { file: 'cache.ts', from: 'const found =', to: 'return value;' },
  ],
  async run(context) {
    const reads = await olderReads(context);
    for (const read of reads) await judgeCached(context, read);
    return `3 times each of ${reads.length} reads: 1 SELECT`;
  },
};

/** Reads once from a cold cache and twice more. */
export async function judgeCached(
  { observe, coldCache }: Context,
  { call, read, wanted, kind }: TimedRead,
): Promise<void> {
  await coldCache();
  const miss = await observe(read);
  const wrong = unlike(miss.value, wanted);
  if (wrong) fail(`${call} ${wrong}`);
  if (miss.selects.length === 0) {
    fail(`${call} with nothing in Redis sent no SELECT: the answer came from the process itself`, notShared);
  }
  for (const time of ['second', 'third']) {
    const hit = await observe(read);
    const other = unlike(hit.value, wanted);
    if (other && hit.selects.length === 0)
      fail(`${call}, read a ${time} time, from Redis, ${other}`, hitDiffers(kind, hit.value));
    if (other) fail(`${call}, read a ${time} time, ${other}`);
    if (hit.selects.length === 0) continue;
    if (kind === 'none') {
      fail(
        `${call}, read a ${time} time: expected 0 SELECTs, saw ${hit.selects.length}; ${cacheTraffic(hit)}`,
        {
          mistake: 'none-not-cached',
          leadsTo:
            'Requests for what does not exist all reach MySQL: a crawler with dead links is enough to load it.',
        },
      );
    }
    fail(
      `${call}, read a ${time} time: expected 0 SELECTs, saw ${hit.selects.length}; ${cacheTraffic(hit)}`,
      whyNoHit(hit),
    );
  }
}

function hitDiffers(kind: TimedRead['kind'], value: unknown): typeof typesLost {
  if (kind === 'found' || value === undefined) return typesLost;
  return {
    mistake: 'none-becomes-a-record',
    leadsTo: 'The page of an article that does not exist shows an empty one.',
  };
}

export const typesLost = {
  mistake: 'types-lost',
  leadsTo: 'Code that works all day fails on the second visit: `LastReadAt.getTime is not a function`.',
};
