import type { Connection } from 'mysql2/promise';
import { CacheError } from '../errors.ts';
import type { Invalidations } from './invalidations.ts';

/**
 * The savepoint was gone when it was to be released or rolled back to: the transaction around it has ended, after a deadlock for one. Let
 * this error end the transaction. `cause` is the error that came first.
 */
export class SavepointLostError extends CacheError {
  override name = 'SavepointLostError';
}

let made = 0;

/**
 * Runs `work` under a savepoint of the transaction that `connection` is in. When it throws, its changes are rolled back, what it has
 * queued is dropped, and its error is thrown, which the caller may survive: the transaction goes on.
 */
export async function inSavepoint<T>(
  connection: Connection,
  invalidations: Invalidations,
  work: () => T | Promise<T>,
): Promise<T> {
  const name = `cache_${++made}`;
  await connection.query(`SAVEPOINT ${name}`);
  const dropSince = invalidations.mark();
  try {
    const value = await work();
    await connection.query(`RELEASE SAVEPOINT ${name}`);
    return value;
  } catch (error) {
    await rollBackTo(connection, name, error);
    dropSince();
    throw error;
  }
}

async function rollBackTo(connection: Connection, name: string, cause: unknown): Promise<void> {
  try {
    await connection.query(`ROLLBACK TO SAVEPOINT ${name}`);
    await connection.query(`RELEASE SAVEPOINT ${name}`);
  } catch (failure) {
    const why = failure instanceof Error ? failure.message : String(failure);
    throw new SavepointLostError(`The savepoint could not be rolled back to: ${why}`, { cause });
  }
}
