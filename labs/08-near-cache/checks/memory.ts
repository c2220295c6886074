import { CallFailed, fail, orFailure, type Observation, type RedisEvent } from '@workshop/lab-kit';
import { count, unlike } from '../../describe.ts';
import type { Context } from './lab-check.ts';
import type { AnyRead } from './reads.ts';

/** The first read loads, the next one asks Redis. What a client needs to connect comes on top. */
const mostReads = 6;

/** What clients send by themselves, whatever is read. */
const aside = new Set(
  'HELLO AUTH SELECT CLIENT INFO PING COMMAND QUIT ECHO SUBSCRIBE PSUBSCRIBE SSUBSCRIBE'.split(' '),
);

/** The commands of a span that were sent for the sake of a read. */
export function asked(seen: Observation): RedisEvent[] {
  return seen.redis.filter(({ name }) => !aside.has(name ?? ''));
}

export function askedNothing(seen: Observation): boolean {
  return asked(seen).length + seen.selects.length === 0;
}

/** Reads until one sends nothing. @returns what the last one sent, when all of them did; undefined: it is in memory */
export async function missedMemory(
  { observe, mysql }: Pick<Context, 'observe' | 'mysql'>,
  store: Context['store'],
  read: AnyRead,
): Promise<string | undefined> {
  const wanted = await read.wanted(mysql);
  for (let reads = 1; ; reads++) {
    const seen = await observe(async () => await orFailure(read.of(store)));
    if (seen.value instanceof CallFailed) fail(`${read.call} failed: ${seen.value.remote.message}`);
    const wrong = unlike(seen.value, wanted);
    if (wrong)
      fail(`${read.call} ${wrong}`, {
        mistake: 'wrong-answer',
        leadsTo: 'Visitors are shown what somebody else has asked for, or what was there before.',
        hint: 'Is all that changes the answer in the key of your copy?',
      });
    const commands = asked(seen);
    if (askedNothing(seen)) return undefined;
    if (reads === mostReads)
      return `${count(commands.length, 'command')} to Redis and ${count(seen.selects.length, 'SELECT')}`;
  }
}

/** What is not in memory can't be old there. */
export async function inMemory(
  context: Pick<Context, 'observe' | 'mysql'>,
  store: Context['store'],
  reads: readonly AnyRead[],
): Promise<void> {
  for (const read of reads) {
    const sent = await missedMemory(context, store, read);
    if (sent === undefined) continue;
    fail(`${mostReads} times ${read.call} in one process: the last one still sent ${sent}`, {
      mistake: 'asks-redis-each-time',
      leadsTo: 'Each read costs a round trip: a thousand reads of one article are a thousand of them.',
    });
  }
}

/** Until what Redis has told so far has arrived. It answers nobody before it has told everybody. */
export async function messagesArrived({ observe, redis }: Pick<Context, 'observe' | 'redis'>): Promise<void> {
  await redis.ping();
  await observe(async () => {});
}

/** Looks at least so often, and for so long, ms: a message may still be on its way from Redis. */
const leastLooks = 3;
const leastMs = 150;

/**
 * Reads once everything that was under way has arrived.
 * @returns how the answers differ from what MySQL holds; undefined when they do not, or no longer
 */
export async function staleAfter(
  { observe, mysql, redis }: Pick<Context, 'observe' | 'mysql' | 'redis'>,
  store: Context['store'],
  read: AnyRead,
): Promise<string | undefined> {
  const begunAt = performance.now();
  const wanted = await read.wanted(mysql);
  for (let looks = 1; ; looks++) {
    await messagesArrived({ observe, redis });
    const got = await orFailure(read.of(store));
    const wrong = got instanceof CallFailed ? `failed: ${got.remote.message}` : unlike(got, wanted);
    if (!wrong) return undefined;
    if (looks >= leastLooks && performance.now() - begunAt > leastMs) return wrong;
  }
}
