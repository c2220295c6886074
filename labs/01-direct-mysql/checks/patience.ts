import { CallFailed, CallHung, fail, orFailure, type Observation } from '@workshop/lab-kit';

export type Outcome = unknown;

/** What a call came to: a value, a failure, or nothing at all within the sandbox's limit. */
export async function outcomeOf(call: Promise<unknown>): Promise<Outcome> {
  try {
    return await orFailure(call);
  } catch (error) {
    if (error instanceof CallHung && !error.blocked) return error;
    throw error;
  }
}

/**
 * Fails when one of them never came back. A pool whose connections are all lent out for good makes the next caller
 * wait for ever; so does code that asks again and again.
 * @param what "120 calls"
 */
export function allReturned(outcomes: readonly Outcome[], seen: Observation, what: string): void {
  const hung = outcomes.filter((outcome) => outcome instanceof CallHung).length;
  if (hung === 0) return;
  const asked = seen.statements.length + seen.mysqlConnects;
  if (asked > 4 * outcomes.length) {
    fail(`${what}: ${hung} never returned, and MySQL was asked ${asked} times`, {
      mistake: 'retries-without-end',
      leadsTo: 'A database in trouble is asked over and over by every server, and does not recover.',
      hint: 'A query that failed is for the caller to hear of. Who tries again stops after a few times.',
    });
  }
  fail(`${what}: ${hung} never returned, as no connection was free`, {
    mistake: 'connection-leak',
    leadsTo: 'Ten such requests, and the site hangs until it is restarted.',
    hint: 'Does every path out of the function give the connection back? `finally` does, and so does `pool.execute`.',
  });
}

export function isRefusal(outcome: Outcome): outcome is CallFailed {
  return outcome instanceof CallFailed;
}
