import { CallFailed, CallHung, fail, orFailure, ProcessEnded, type FailureDetails } from '@workshop/lab-kit';
import { unlike } from '../../describe.ts';
import type { MonitoredStore } from '../../contract.ts';
import type { HotRead } from '../../shared/hot-reads.ts';
import type { Write } from './calls.ts';
import type { Context } from './lab-check.ts';

/** The sandbox gives up after so long, s. */
const limitSeconds = 5;

/** A store may refuse a crowd (lab 07): this is none. */
const atOnce = 10;

/** What the checks can know of a wrong answer: whose it is and when, and so what it leads to. */
export interface Asked {
  store: MonitoredStore;
  /** "in another process": as a message goes on after the call. */
  where: string;
  /** "a primary was killed": as a message begins. */
  state: string;
  /** Of an answer that is wrong. */
  details: FailureDetails;
}

/** Reads: each must be answered, and rightly. */
export async function allAnswered(
  { mysql }: Pick<Context, 'mysql'>,
  reads: readonly HotRead[],
  asked: Asked,
): Promise<void> {
  const { store, where, state, details } = asked;
  const wanted = await Promise.all(reads.map(async (read) => await read.wanted(mysql)));
  const values: unknown[] = [];
  for (let from = 0; from < reads.length; from += atOnce) {
    const some = reads.slice(from, from + atOnce);
    values.push(
      ...(await Promise.all(
        some.map(async (read) => await inTime(read.of(store), `${read.call}, ${where},`, state)),
      )),
    );
  }
  for (const [index, value] of values.entries()) {
    const wrong = unlike(value, wanted[index]);
    if (wrong) fail(`${state}; then ${reads[index]!.call}, ${where}, ${wrong}`, details);
  }
}

/** Writes one after the other: each must succeed. */
export async function allWritten(
  writes: readonly Write[],
  { store, state }: Pick<Asked, 'store' | 'state'>,
): Promise<void> {
  for (const write of writes) await inTime(write.of(store), write.call, state);
}

/** What a call returned. It must return, and within the limit. */
async function inTime(call: Promise<unknown>, name: string, state: string): Promise<unknown> {
  const value = await orFailure(call).catch((error: unknown) => {
    if (error instanceof ProcessEnded) {
      return fail(`${state}, and the process ended: ${error.output.trim().split('\n').at(-1)}`, {
        mistake: 'ends-without-a-node',
        leadsTo: 'A third of the cache is away for some seconds, and every server of the site ends.',
      });
    }
    if (!(error instanceof CallHung) || error.blocked) throw error;
    return fail(`${state}, and ${name} did not return within ${limitSeconds} s`, {
      mistake: 'waits-for-a-node',
      leadsTo:
        'A third of the pages hang until the failover is over, and their visitors fill up the servers.',
    });
  });
  if (value instanceof CallFailed) {
    fail(`${state}, and ${name} failed: ${value.remote.message}`, {
      mistake: 'fails-without-a-node',
      leadsTo:
        'Each failover is seen by visitors, though the database could have answered every one of them.',
    });
  }
  return value;
}
