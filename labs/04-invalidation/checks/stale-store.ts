import { fail, orFailure } from '@workshop/lab-kit';
import type { WritableStore } from '../../contract.ts';
import { count, publication, revision, type Change } from './changes.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { unlikeWanted, wrongReads } from './reads.ts';
import { awaitedLater, endsMeanwhile, mostSteps, nameOf, stopAt, type Stopped } from './steps.ts';

/** Reads that a write overtakes: the write, and which of the reads that it changes. */
const overtaken: readonly ((context: Context, round: number) => [change: Change, read: number])[] = [
  (_, round) => [revision(round), 0],
  (_, round) => [revision(round), 1],
  () => [count, 0],
  ({ articles }, round) => [publication(articles, round), 0],
  ({ articles }, round) => [publication(articles, round), 1],
];

export const staleStore: LabCheck = {
  id: 'stale-store',
  title: 'An old row that is still being loaded is not stored over the invalidation',
  expected: 'a read, stopped at any of its steps while another process writes: later reads are new',
  hint: 'The load began before the write and ends after the invalidation. What, in Redis, tells it that its row is old by now?',
  hints: [
    'A read has the old row in its hands. Meanwhile the write commits and invalidates: there is nothing there to take away. Then the read stores what it has. Who will notice?',
    'Take note of the generation before you load. Store under what you noted: if it has changed meanwhile, nobody looks there any more. (Or let Redis compare, in a script, as it stores.)',
    { file: 'cache.ts', from: 'Before the load', to: 'form.write' },
  ],
  async run(context) {
    const { store: other } = await context.another();
    let stops = 0;
    for (const make of overtaken) {
      for (let step = 0; step < mostSteps; step++) {
        const stopped = await overtake(context, other, make(context, ++stops), step, 'request');
        if (!stopped) break;
        // MySQL has answered with the row from before, and the answer is on its way.
        if (stopped.store === 'mysql') await overtake(context, other, make(context, ++stops), step, 'reply');
      }
    }
    return `${overtaken.length} reads, each stopped at every step while another process wrote: ${stops - overtaken.length} times, 0 old answers afterwards`;
  },
};

/** @returns where it was stopped, undefined when the read has no such step */
async function overtake(
  context: Context,
  other: WritableStore,
  [change, index]: [Change, number],
  step: number,
  at: 'request' | 'reply',
): Promise<Stopped<unknown>['step'] | undefined> {
  const { store, mysql, coldCache, observe } = context;
  const read = change.reads[index];
  if (!read) throw new Error(`${change.call} has no read ${index}`);
  await coldCache();
  const stopped = await stopAt(context, step, async () => await read.of(store), at);
  if (!stopped) return undefined;
  const write = awaitedLater(change.write(other));
  if (!(await endsMeanwhile(context, write))) {
    await stopped.goOn();
    await write;
    return stopped.step;
  }
  // This one begins after the write, while the old load is still under way.
  const joining = awaitedLater(orFailure(read.of(store)));
  await observe(async () => {});
  await stopped.goOn();
  const where = `${read.call} was stopped ${at === 'reply' ? 'before it got the answer to its' : 'at its'} ${nameOf(stopped.step)}, and ${change.call} was done meanwhile`;
  const joined = await unlikeWanted(joining, read.wanted(mysql));
  const [wrong] = await wrongReads(mysql, [read], store, other);
  if (wrong) {
    fail(`${where}; later ${wrong.text}`, {
      mistake: 'stale-store',
      leadsTo:
        'Readers get the old row until it expires, though the write and its invalidation went well: nothing in the logs, and it happens most when MySQL is slow.',
    });
  }
  if (joined) {
    fail(`${where}; ${read.call}, begun after the write, ${joined}`, {
      mistake: 'joined-an-old-load',
      leadsTo:
        'Loads are shared by whoever asks for the same key, also with those who come after the write: they get what was before it.',
    });
  }
  return stopped.step;
}
