import { enginesUp } from '@workshop/engines';
import { testKeyPrefix } from '@workshop/engines/test-space';
import { FAILURES } from '../bench/support/failures/all.ts';
import type { Failure, Library } from '../bench/support/failures/failure.ts';
import { PEERS } from '../bench/support/peers/all.ts';
import { openOurs } from '../bench/support/peers/ours.ts';

// `pnpm --filter @workshop/cache peers-failing`: provokes in each library, on real servers, what a cache must not do, and prints
// how often it did. Ends with 1 if ours did any of it.

const TITLE_WIDTH = 24;
const WIDTH = 9;

const libraries: readonly Library[] = [
  { name: 'ours', open: openOurs },
  ...Object.entries(PEERS).map(([name, open]) => ({ name, open })),
];
/** The names of the libraries in two lines, so that the table fits a terminal. */
const HEADS: Record<string, readonly [string, string]> = {
  ours: ['', 'ours'],
  bentocache: ['bento-', 'cache'],
  'async-cache-dedupe': ['a-cache-', 'dedupe'],
  cachified: ['cachi-', 'fied'],
  cacheable: ['cache-', 'able'],
  'cache-manager': ['cache-', 'manager'],
};

async function main(): Promise<number> {
  const engines = await enginesUp({ cluster: true, onProgress: (line) => console.error(line) });
  const cluster = { url: engines.clusterUrl!, nodes: engines.clusterNodes };
  for (const line of [0, 1] as const) {
    const heads = libraries.map(({ name }) => (HEADS[name] ?? ['', name])[line].padStart(WIDTH));
    console.log([(line === 0 ? '' : 'how often').padEnd(TITLE_WIDTH), ...heads].join(''));
  }
  let ok = true;
  for (const failure of FAILURES) {
    const cells: string[] = [];
    for (const library of libraries) {
      const prefix = testKeyPrefix().replace(/:$/, '');
      const seen = await failure.see(library, { ...engines, cluster, prefix });
      cells.push(cellOf(failure, seen).padStart(WIDTH));
      if (library.name === 'ours' && seen !== failure.wanted) ok = false;
    }
    console.log(failure.title.padEnd(TITLE_WIDTH) + cells.join(''));
  }
  console.log('A dash: it has no such call. An exclamation mark: more than there should be.');
  return ok ? 0 : 1;
}

function cellOf({ wanted }: Failure, seen: number | undefined): string {
  if (seen === undefined) return '-';
  return seen === wanted ? `${seen}` : `${seen} !`;
}

process.exitCode = await main();
