import { CallFailed, fail } from '@workshop/lab-kit';
import type { WritableStore } from '../../contract.ts';
import { everyChange, type Change } from './changes.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { readAll, wrongReads } from './reads.ts';
import { awaitedLater, endsMeanwhile, mostSteps, nameOf, stopAt, type Stopped } from './steps.ts';

/** A client that gives up on Redis in less than this looks as if it did not wait, ms. */
const soonMs = 50;
/** Less than the life of any entry. */
const laterMs = 5_000;
/** At one step, when the machine is too busy for that. */
const attempts = 10;

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
      for (let step = 0, late = 0; step < mostSteps;) {
        const change = everyChange(articles, ++rounds)[kind];
        const outcome = change && (await stoppedAt(context, other, change, step));
        if (outcome === undefined || outcome === 'no such step') break;
        if (outcome === 'late' && ++late < attempts) continue;
        stops += 1;
        step += 1;
        late = 0;
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

/** `late`: it was over, but so much later that a time-out may have ended it. */
type Outcome = 'no such step' | 'late' | 'judged';

async function stoppedAt(
  context: Context,
  other: WritableStore,
  change: Change,
  step: number,
): Promise<Outcome> {
  const { store, mysql, weather, coldCache, passTime } = context;
  await coldCache();
  await readAll(other, change.reads);
  const stopped = await stopAt(weather, step, async () => await change.write(store));
  if (!stopped) return 'no such step';
  const isLate = stopped.step.store === 'redis' && !(await waitsFor(stopped, context, other, change));
  const reading = awaitedLater(readAll(other, change.reads));
  await endsMeanwhile(reading);
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
  return isLate ? 'late' : 'judged';
}

/**
 * A write that resolves while Redis has not heard of its invalidation must not leave old answers there.
 * @returns false when it took too long to tell
 */
async function waitsFor(
  stopped: Stopped<unknown>,
  { mysql, observe }: Context,
  other: WritableStore,
  { call, reads }: Change,
): Promise<boolean> {
  const since = performance.now();
  await observe(async () => {});
  if (!stopped.isOver()) return true;
  if (performance.now() - since > soonMs) return false;
  const [wrong] = await wrongReads(mysql, reads, other);
  if (wrong) {
    fail(
      `${call} resolved before Redis had its ${nameOf(stopped.step)}: then, in another process, ${wrong.text}`,
      notAwaited,
    );
  }
  return true;
}
