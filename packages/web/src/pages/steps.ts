import type { Loaded, MissReason, RedisFault, Storing } from '@workshop/cache';
import type { QueryResult } from '../store/article-store.ts';
import { showCount, showMs, showSeconds } from './format.ts';
import type { Query } from '../queries/query.ts';

/** One thing that happened, or pointedly did not, on the way to the rows. */
export interface Step {
  readonly engine: 'MySQL' | 'Redis';
  readonly text: string;
  readonly time: string | undefined;
  readonly happened: boolean;
}

/** What happened, in order: this is where a page says why it was a hit or a miss. */
export function stepsOf({ kind, values }: Query, result: QueryResult, rows: number): Step[] {
  const found = showCount(rows, 'row');
  if (result.source === 'watched') return [...result.watched.steps];
  if (result.source === 'mysql') {
    return [
      done('MySQL', `${kind.work(rows, values).step}. It found ${found}.`, result.mysqlMs),
      skipped('Redis', 'was not asked.'),
    ];
  }
  const { answer } = result;
  if (answer.outcome === 'hit') {
    if (answer.reason === 'near') {
      return [
        skipped(
          'Redis',
          'was not asked: this process keeps what it reads, and Redis tells it of each change.',
        ),
        skipped('MySQL', 'was not asked.'),
      ];
    }
    if (answer.reason === 'stale') {
      return [
        skipped('MySQL', 'was asked, and cannot answer.'),
        done(
          'Redis',
          'still had the rows, though their time is up, and gave them for want of better ones.',
          answer.redisMs,
        ),
      ];
    }
    return [
      done('Redis', 'was asked for the key, and had it.', answer.redisMs),
      skipped('MySQL', 'was not asked.'),
    ];
  }
  return [lookedUp(answer), loaded(answer, found), stored(answer)];
}

function lookedUp(answer: Loaded<unknown>): Step {
  const lookMs = answer.redisMs - answer.storeMs;
  if (answer.outcome === 'miss') return done('Redis', MISSED[answer.reason], lookMs);
  return answer.reason === 'unavailable'
    ? skipped('Redis', 'is not connected, so it was not asked.')
    : done('Redis', FAULTS[answer.reason], lookMs);
}

function loaded({ coalesced, loadMs }: Loaded<unknown>, found: string): Step {
  return coalesced
    ? done(
        'MySQL',
        `was already being asked by another request. This one waited for the same ${found}.`,
        loadMs,
      )
    : done('MySQL', `was asked, and found ${found}.`, loadMs);
}

function stored({ storing, storeMs }: Loaded<unknown>): Step {
  return storing.stored
    ? done(
        'Redis',
        `keeps them for ${showSeconds(storing.ttlMs)}: until then, the same search is a hit.`,
        storeMs,
      )
    : skipped('Redis', NOT_STORED[storing.storeReason]);
}

const MISSED: Record<MissReason, string> = {
  absent: 'was asked for the key, and had none: never asked before, deleted, or its time was up.',
  undecodable: 'was asked for the key, and had something that this program did not write.',
  expired: 'was asked for the key, and what it had was past its time.',
  invalid: 'was asked for the key, and had a value of a form that this program no longer takes.',
  invalidated: 'still has a value that was invalidated meanwhile, so it was not used.',
};

const FAULTS: Record<Exclude<RedisFault, 'unavailable'>, string> = {
  timeout: 'was asked for the key, and did not answer in time.',
  reply: 'was asked for the key, and answered with an error.',
};

const NOT_STORED: Record<Extract<Storing, { stored: false }>['storeReason'], string> = {
  superseded: 'does not keep them: the cache was deleted while MySQL was at work.',
  elsewhere: 'does not keep them: another process is loading the same, and took too long to wait for.',
  unwanted: 'does not keep them: they were given no time to live.',
  unencodable: 'does not keep them: they cannot be written as bytes and read back unchanged.',
  timeout: 'does not keep them: it did not answer in time.',
  unavailable: 'does not keep them: it is not connected.',
  reply: 'does not keep them: it refused the write. It may be full, or a read-only replica.',
};

function done(engine: Step['engine'], text: string, durationMs: number): Step {
  return { engine, text, time: showMs(durationMs), happened: true };
}

function skipped(engine: Step['engine'], text: string): Step {
  return { engine, text, time: undefined, happened: false };
}
