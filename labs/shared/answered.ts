import { CallFailed, CallHung, fail, orFailure, ProcessEnded, type CheckContext } from '@workshop/lab-kit';
import { unlike } from '../describe.ts';
import type { Read } from './reads.ts';

type Context = Pick<CheckContext, 'observe' | 'passTime'>;

/** How long a read may take while Redis is ill, ms. It is the sandbox that says when it is over. */
const limitMs = 5_000;
const stepMs = 250;
/** How far the clock is hurried on. Not all of the limit: where a timer ends just then, the verdict would depend on luck. */
const hurriedMs = 4_750;

/**
 * Reads at once while Redis is ill: each must be answered, and rightly. Time passes meanwhile, so that nobody waits
 * for a time-out of the learner's.
 * @param state "Redis went away": how a message begins
 */
export async function allAnswered(context: Context, reads: readonly Read[], state: string): Promise<void> {
  try {
    await answersOf(context, reads, state);
  } catch (error) {
    if (!(error instanceof ProcessEnded)) throw error;
    fail(`${state}, and the process ended: ${lastError(error.output) ?? error.message}`, {
      mistake: 'ends-without-redis',
      leadsTo: 'A cache that is away for a second ends every server of the site.',
      hint: "A rejection that nobody handles ends the process, and so does an 'error' event without a listener.",
    });
  }
}

async function answersOf(
  { observe, passTime }: Context,
  reads: readonly Read[],
  state: string,
): Promise<void> {
  const progress = { settled: false };
  const outcomes = Promise.allSettled(reads.map((each) => answered(each, state))).finally(() => {
    progress.settled = true;
  });
  // What is still pending when this time is over is left to the sandbox's limit.
  for (let passed = 0; passed < hurriedMs && !progress.settled; passed += stepMs) await passTime(stepMs);
  const refused = (await outcomes).find((outcome) => outcome.status === 'rejected');
  if (refused) throw refused.reason;
  // A failed write that nobody awaits ends the process when its time-out is over: that belongs to these reads, too.
  await observe(async () => await passTime(limitMs));
}

async function answered({ call, read, wanted }: Read, state: string): Promise<void> {
  const value = await orFailure(read()).catch((error: unknown) => {
    if (!(error instanceof CallHung) || error.blocked) throw error;
    return fail(`${state}, and ${call} did not return within ${limitMs / 1_000} s`, {
      mistake: 'waits-for-redis',
      leadsTo: 'The cache, there to make pages fast, makes every page hang, with the database idle.',
    });
  });
  if (value instanceof CallFailed) {
    fail(`${state}, and ${call} failed: ${value.remote.message}`, {
      mistake: 'redis-error-fails-the-read',
      leadsTo: 'The cache has become a second thing that can take the site down.',
    });
  }
  const wrong = unlike(value, wanted);
  if (wrong) fail(`${state}, and ${call} ${wrong}`);
}

/** What Node prints of it, in a line. */
function lastError(output: string): string | undefined {
  return output
    .split('\n')
    .findLast((line) => /^\s*(?:\[?\w*Error\b|Error:)/.test(line))
    ?.trim();
}
