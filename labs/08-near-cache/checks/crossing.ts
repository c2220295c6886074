import { fail } from '@workshop/lab-kit';
import {
  awaitedLater,
  endsMeanwhile,
  mostSteps,
  nameOf,
  stopAt,
} from '../../04-invalidation/checks/steps.ts';
import type { MonitoredStore } from '../../contract.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { messagesArrived, staleAfter } from './memory.ts';
import { byId, search, type AnyRead } from './reads.ts';

interface Overtaken {
  read: AnyRead;
  /** Whether the answer is in Redis when it is read. */
  states: readonly boolean[];
  call: string;
  write: (store: MonitoredStore, round: number) => Promise<unknown>;
}

const overtaken: readonly Overtaken[] = [
  {
    read: byId(7),
    states: [true, false],
    call: 'revise(7)',
    write: async (store, round) => await store.revise(7, { Title: `Title ${round}` }),
  },
  {
    read: search('the delta', 30),
    states: [true],
    call: 'revise(3)',
    write: async (store, round) => await store.revise(3, { Sentence: `the delta ${round}` }),
  },
];

export const crossing: LabCheck = {
  id: 'crossing',
  title: 'An answer that was overtaken by its message is not kept',
  expected:
    'a read, stopped before each answer it gets, while another process writes: later reads here are new',
  hint: 'The message came when there was nothing to drop; then the old answer arrived. How can you tell?',
  hints: [
    'Redis has answered with the old value, on one connection. The message that it has changed comes on another, and is first. What do you keep?',
    'Count the messages. Note the count before you send the read; keep what came back only if the count is still the same.',
    { file: 'near.ts', from: 'set(key, value, lifeMs, mark)', to: 'entries.set' },
  ],
  async run(context) {
    const { store: other } = await context.another();
    let stops = 0;
    for (const each of overtaken) {
      for (const isInRedis of each.states) {
        for (let step = 0; step < mostSteps; step++) {
          if (!(await overtake(context, other, each, { isInRedis, step, round: ++stops }))) break;
        }
      }
    }
    return `2 reads, stopped before each answer: 0 old answers afterwards`;
  },
};

/** @returns false when the read has no such step */
async function overtake(
  context: Context,
  other: MonitoredStore,
  { read, call, write }: Overtaken,
  { isInRedis, step, round }: { isInRedis: boolean; step: number; round: number },
): Promise<boolean> {
  const { store, observe, coldCache } = context;
  await observe(coldCache);
  if (isInRedis) await observe(async () => await read.of(other));
  const stopped = await stopAt(context, step, async () => await read.of(store), 'reply');
  if (!stopped) return false;
  const writing = awaitedLater(write(other, round));
  // A write that waits for the read, by a lock, comes after it.
  if (await endsMeanwhile(context, writing)) await messagesArrived(context);
  await stopped.goOn();
  await writing;
  // Twice: the first may be what puts the old answer there.
  for (let reads = 1; reads <= 2; reads++) {
    const wrong = await staleAfter(context, store, read);
    if (!wrong) continue;
    const answer = `the answer to its ${nameOf(stopped.step)}`;
    fail(`${read.call} waited for ${answer} while ${call} was done by another process; later it ${wrong}`, {
      mistake: 'old-answer-kept',
      leadsTo:
        'One process of twenty shows the old page, for as long as it keeps it. It happens under load, and to nobody at a desk.',
    });
  }
  return true;
}
