import { fail } from '@workshop/lab-kit';
import type { WritableStore } from '../../contract.ts';
import { count, revision, type Change } from './changes.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { readAll, wrongReads } from './reads.ts';
import { awaitedLater, endsMeanwhile, mostSteps, nameOf, stopAt } from './steps.ts';

export const crossing: LabCheck = {
  id: 'crossing',
  title: 'Two writers who cross leave the cache as MySQL is',
  expected:
    'one writer is stopped at its Redis commands while another writes the same article: 0 old answers afterwards',
  hint: 'Commit order and the order in which two processes reach Redis are two different things. Deleting has no order to get wrong.',
  hints: [
    'A writes 1 and commits, B writes 2 and commits. B tells Redis 2, then A tells Redis 1. What do readers get?',
    'Do not put the new value into the cache: invalidate, and let the next read load what is true then.',
    { file: 'cache.ts', from: 'async invalidate(tags)', to: 'payOwed' },
  ],
  async run(context) {
    const { store: other } = await context.another();
    let stops = 0;
    for (const make of [revision, () => count]) {
      for (let step = 0; step < mostSteps; step++) {
        const [first, second] = [make(++stops), make(++stops)];
        if (!(await cross(context, other, first, second, step))) break;
      }
    }
    return '2 kinds of writes, overtaken at each of their Redis commands: 0 old answers';
  },
};

/** @returns false when the first writer has no such step */
async function cross(
  { store, mysql, weather, coldCache, holdTime }: Context,
  other: WritableStore,
  first: Change,
  second: Change,
  step: number,
): Promise<boolean> {
  await coldCache();
  await readAll(other, first.reads);
  const stopped = await stopAt({ weather, holdTime }, step, async () => await first.write(store));
  if (!stopped) return false;
  // At its statements it may hold the row, and then the other one has to wait for it.
  const crossed = stopped.step.store === 'redis' ? awaitedLater(second.write(other)) : undefined;
  if (crossed) await endsMeanwhile({ holdTime }, crossed);
  await stopped.goOn();
  await crossed;
  const [wrong] = await wrongReads(mysql, first.reads, store, other);
  if (wrong) {
    fail(
      `${first.call} was stopped at its ${nameOf(stopped.step)} while another process did the same with other values; then ${wrong.text}`,
      {
        mistake: 'updated-in-place',
        leadsTo:
          'Two editors save in the same second, and readers get the older text, until it expires, while MySQL has the newer one.',
      },
    );
  }
  return true;
}
