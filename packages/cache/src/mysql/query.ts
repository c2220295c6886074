import type { RowDataPacket } from 'mysql2/promise';
import type { Cache } from '../cache.ts';
import { CacheOptionError } from '../errors.ts';
import type { LoadOptions } from '../load-options.ts';
import { isInTransaction } from './open-transactions.ts';
import type { CacheableQuery, QuerySource } from './query-key.ts';
import { queryKey } from './query-key.ts';

/**
 * The rows of a mysql2 query: from the cache, else from the database, and then stored. Everywhere the same query, with the same values
 * and the same options that shape its rows, shares one entry. A hit gives what the query gave, types included.
 *
 * `T` is the type of the rows, all of them: `cachedQuery<Article[]>(...)`. Rejects with `CacheOptionError`, before anything is
 * run, for a statement that does not only read, and on a connection that `inTransaction` has; and with the database's own error.
 */
export async function cachedQuery<T = RowDataPacket[]>(
  cache: Pick<Cache, 'getOrLoad'>,
  source: QuerySource,
  query: CacheableQuery,
  options: LoadOptions<T>,
): Promise<T> {
  const key = queryKey(source, query);
  if (isInTransaction(source)) {
    throw new CacheOptionError(
      'source',
      source,
      'outside of any transaction, in which one reads what is not committed',
    );
  }
  const { name: _, prepared = false, variant: __, values, ...rest } = query;
  const run = { ...rest, ...(values !== undefined && { values: copyOf(values) as typeof values }) };
  return cache.getOrLoad<T>(
    key,
    async () => {
      const [rows] = prepared ? await source.execute(run) : await source.query(run);
      return rows as T;
    },
    options,
  );
}

/** The load begins later than the call, and what it sends must be what the key was made from. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (value instanceof Date) return new Date(value);
  if (Buffer.isBuffer(value)) return Buffer.from(value);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copyOf(part)]));
}
