import type { Connection, PoolConnection, ResultSetHeader } from 'mysql2/promise';
import { CacheError } from '../errors.ts';
import type { Invalidatable } from './invalidations.ts';
import { Invalidations } from './invalidations.ts';
import { enterTransaction } from './open-transactions.ts';

/** What a transaction gave, once it is committed. */
export interface Committed<T> {
  readonly value: T;
  /**
   * Whether Redis has confirmed every invalidation. False takes nothing back from the database: what is not confirmed is owed, and
   * made good when Redis is back; until then other processes may read what is out of date.
   */
  readonly confirmed: boolean;
}

/**
 * The connection was lost, or the server gave up, while it was committing: the changes may be there or not. What was queued has been
 * invalidated all the same. Look before doing it again. `cause` is the database's error.
 */
export class CommitUnknownError extends CacheError {
  override name = 'CommitUnknownError';
  /** See `Committed.confirmed`. */
  readonly confirmed: boolean;

  constructor(cause: unknown, confirmed: boolean) {
    super('COMMIT was sent, and whether it was carried out is not known.', { cause });
    this.confirmed = confirmed;
  }
}

/** Where `inTransaction` gets its connection: a pool of `mysql2/promise`, or a namespace of a pool cluster. */
export interface ConnectionSource {
  getConnection(): Promise<PoolConnection>;
}

/**
 * Runs `work` in a transaction of its own, commits, and then invalidates what `work` has queued. When `work` throws, it rolls back,
 * drops what is queued, and throws that error. Only what is known to be undone is dropped: in doubt it invalidates, which costs
 * no more than a load.
 *
 * `work` must await all that it does, and must leave BEGIN, COMMIT, ROLLBACK and statements that commit by themselves (CREATE TABLE)
 * alone. The connection goes back to the pool, or is destroyed when its state is not known.
 *
 * Rejects with what `work` threw; with the database's error when the transaction could not begin or was rolled back instead of
 * committed (SQLSTATE class 40: it may be tried again); with `CommitUnknownError` when that is not known.
 */
export async function inTransaction<T>(
  source: ConnectionSource,
  cache: Invalidatable,
  work: (connection: PoolConnection, invalidations: Invalidations) => T | Promise<T>,
): Promise<Committed<T>> {
  const connection = await source.getConnection();
  const invalidations = new Invalidations(cache);
  const leave = enterTransaction(connection);
  const outcome = await carryOut(connection, async () => work(connection, invalidations));
  leave();
  // Before Redis is waited for, so that a slow Redis does not drain the pool.
  if (outcome.isSettled) connection.release();
  else connection.destroy();
  if (outcome.end === 'undone') {
    invalidations.drop();
    throw outcome.error;
  }
  const confirmed = await invalidations.apply();
  if (outcome.end === 'committed') return { value: outcome.value, confirmed };
  throw outcome.end === 'unknown' ? new CommitUnknownError(outcome.error, confirmed) : outcome.error;
}

/**
 * How a transaction ended. `undone`: nothing of it is left. `failed`: it was to be undone, and a part may be left. `unknown`: it was to be
 * committed. `isSettled`: the connection has no transaction any more.
 */
type Outcome<T> =
  | { readonly end: 'committed'; readonly isSettled: true; readonly value: T }
  | {
      readonly end: 'undone' | 'failed' | 'unknown';
      readonly isSettled: boolean;
      readonly error: unknown;
    };

async function carryOut<T>(connection: Connection, work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    await connection.beginTransaction();
  } catch (error) {
    return { end: 'undone', isSettled: false, error };
  }
  let value: T;
  try {
    value = await work();
  } catch (error) {
    return { ...(await rollBack(connection)), error };
  }
  try {
    await connection.commit();
    return { end: 'committed', isSettled: true, value };
  } catch (error) {
    return { end: isRollback(error) ? 'failed' : 'unknown', isSettled: false, error };
  }
}

/** SERVER_STATUS_IN_TRANS of the protocol. */
const IN_TRANSACTION = 1;

/**
 * The server answers ROLLBACK alike whether there was a transaction or not. There is none any more after a statement that commits by
 * itself, so the status that comes with another answer is looked at first.
 */
async function rollBack(connection: Connection): Promise<{ end: 'undone' | 'failed'; isSettled: boolean }> {
  try {
    const [{ serverStatus }] = await connection.query<ResultSetHeader>('DO 0');
    await connection.rollback();
    return { end: (serverStatus & IN_TRANSACTION) === 0 ? 'failed' : 'undone', isSettled: true };
  } catch {
    // `work` has thrown already, and that is what its caller has to know.
    return { end: 'failed', isSettled: false };
  }
}

/** SQLSTATE class 40 says that the transaction was rolled back (ISO 9075); no other error says so for certain. */
function isRollback(error: unknown): boolean {
  const state = error instanceof Error && 'sqlState' in error ? error.sqlState : undefined;
  return typeof state === 'string' && state.startsWith('40');
}
