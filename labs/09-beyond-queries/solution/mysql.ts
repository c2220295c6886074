import { createPool, type Pool, type PoolConnection, type RowDataPacket } from 'mysql2/promise';
import { Breaker } from './breaker.ts';
import { Cap } from './cap.ts';
import { until } from './deadline.ts';

/** How long a visitor is to wait for MySQL, ms; waiting for a place or a connection counts. */
const limitMs = 2_000;

/** MySQL, as somebody sees it who has no time to waste. */
export interface Mysql {
  /** For reads: few at once, and none while MySQL is known to be ill. */
  query(sql: string, values: (string | number)[]): Promise<RowDataPacket[]>;
  /** For writes: a connection for as long as `work` takes. It is ended, and what it did not commit undone, when that is too long. */
  lend: Lend;
  close(): Promise<void>;
}

export type Lend = <T>(work: (connection: PoolConnection) => Promise<T>) => Promise<T>;

export function createMysql(mysqlUrl: string): Mysql {
  // One pool for the life of the process. A connection costs several round trips to open; MySQL allows 151 of them.
  const pool = createPool({
    uri: mysqlUrl,
    connectionLimit: 10,
    connectTimeout: 1_500,
    // BIGINT comes as a string, digits intact, instead of a number that may have been rounded.
    supportBigNumbers: true,
    bigNumberStrings: true,
  });
  // Fewer than there are connections: a crowd of readers does not keep the writers out.
  const cap = new Cap(8, 50);
  const breaker = new Breaker('MySQL');
  const open = connectionsOf(pool);

  async function lend<T>(tooLate: AbortSignal, work: (connection: PoolConnection) => Promise<T>): Promise<T> {
    const coming = pool.getConnection();
    const connection = await until(tooLate, 'MySQL', coming).catch((error: unknown) => {
      coming.then(
        (late) => late.release(),
        () => {},
      );
      throw error;
    });
    try {
      return await until(tooLate, 'MySQL', work(connection));
    } finally {
      // MySQL may still be at work for a caller who has given up: that connection is ended, not lent out again.
      if (tooLate.aborted) connection.destroy();
      else connection.release();
    }
  }

  return {
    async query(sql, values) {
      const tooLate = AbortSignal.timeout(limitMs);
      const ask = async () =>
        await lend(
          tooLate,
          async (connection) => (await connection.execute<RowDataPacket[]>(sql, values))[0],
        );
      // The breaker is within: that there was no place to be had says nothing about MySQL.
      return await cap.run(tooLate, async () => await breaker.run(ask));
    },

    async lend(work) {
      return await lend(AbortSignal.timeout(limitMs), work);
    },

    async close() {
      // A MySQL that hangs does not take leave. Who is not gone by then is not waited for.
      await until(AbortSignal.timeout(limitMs), 'MySQL', pool.end()).catch(() => {});
      for (const connection of open) connection.destroy();
    },
  };
}

/** Those that are open now; a pool does not tell. */
function connectionsOf(pool: Pool): ReadonlySet<PoolConnection> {
  const open = new Set<PoolConnection>();
  pool.on('connection', (connection) => {
    open.add(connection);
    connection.on('end', () => open.delete(connection));
    connection.on('error', () => open.delete(connection));
  });
  return open;
}
