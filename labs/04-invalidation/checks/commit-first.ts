import { CallFailed, fail } from '@workshop/lab-kit';
import type { WritableStore } from '../../contract.ts';
import { everyChange, type Change } from './changes.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { readAll, wrongReads } from './reads.ts';
import { awaitedLater, endsMeanwhile, mostSteps, nameOf, stopAt, type Stopped } from './steps.ts';

/** Less than the life of any entry. */
const laterMs = 5_000;

export const commitFirst: LabCheck = {
  id: 'commit-first',
  title: 'The cache is invalidated after COMMIT, and before the write resolves',
  expected: 'a write, stopped at any of its steps while others read: once it has resolved, 0 old answers',
  hint: 'Until COMMIT everybody else still reads the old row. Who reads between your invalidation and the COMMIT, stores it again.',
  hints: [
    'Your write has invalidated and is about to commit. A reader comes, misses, and asks MySQL. Which row does it get, and where does it put it?',
    'COMMIT first, then invalidate, and await that: the caller is told that all is done when all is done.',
    { file: 'writes.ts', from: 'await connection.commit()', to: 'cache.invalidate(tags)' },
  ],
  async run(context) {
    const { articles, another } = context;
    const { store: other } = await another();
    let stops = 0;
    let rounds = 0;
    for (const kind of [0, 1, 2]) {
      for (let step = 0; step < mostSteps; step++) {
        const change = everyChange(articles, ++rounds)[kind];
        if (!change || !(await stoppedAt(context, other, change, step))) break;
        stops += 1;
      }
    }
    return `3 writes, stopped at ${stops} steps while another process read: 0 old answers afterwards`;
  },
};

const notAwaited = {
  mistake: 'not-awaited',
  leadsTo:
    'Whoever saves and is sent to the page sees the old one, now and then: the kind of fault that nobody can repeat.',
  hint: 'Who tells the caller that the write is done, and what is still under way at that moment? An `await` is missing, or a timer was set.',
};

/** @returns false when the write has no such step */
async function stoppedAt(
  context: Context,
  other: WritableStore,
  change: Change,
  step: number,
): Promise<boolean> {
  const { store, mysql, coldCache, passTime } = context;
  await coldCache();
  await readAll(other, change.reads);
  const stopped = await stopAt(context, step, async () => await change.write(store));
  if (!stopped) return false;
  if (stopped.step.store === 'redis') await waitsFor(stopped, context, other, change);
  const reading = awaitedLater(readAll(other, change.reads));
  await endsMeanwhile(context, reading);
  const outcome = await stopped.goOn();
  await reading;
  if (outcome instanceof CallFailed) fail(`${change.call} failed: ${outcome.remote.message}`);
  const [wrong] = await wrongReads(mysql, change.reads, store, other);
  if (wrong) {
    // What was only late has come by then; an old entry lives longer.
    await passTime(laterMs);
    const [still] = await wrongReads(mysql, change.reads, store, other);
    if (!still)
      fail(
        `${change.call} resolved, and then ${wrong.text}; ${laterMs / 1_000} s later all was new`,
        notAwaited,
      );
    fail(
      `another process read just before the ${nameOf(stopped.step)} of ${change.call}; after the write had resolved, ${wrong.text}`,
      {
        mistake: 'invalidated-before-commit',
        leadsTo:
          'The old row goes back into the cache a moment before it is replaced, and stays there for a minute.',
      },
    );
  }
  return true;
}

/** A write that resolves while Redis has not heard of its invalidation must not leave old answers there. */
async function waitsFor(
  stopped: Stopped<unknown>,
  { mysql, holdTime }: Context,
  other: WritableStore,
  { call, reads }: Change,
): Promise<void> {
  // Time stands: whoever waits for Redis can't give up meanwhile, and then look as if it did not wait.
  await holdTime(async () => {});
  if (!stopped.isOver()) return;
  const [wrong] = await wrongReads(mysql, reads, other);
  if (!wrong) return;
  fail(
    `${call} resolved before Redis had its ${nameOf(stopped.step)}: then, in another process, ${wrong.text}`,
    notAwaited,
  );
}
