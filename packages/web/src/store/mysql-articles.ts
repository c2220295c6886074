import type { PoolConnection, RowDataPacket } from 'mysql2/promise';
import type { PlanLine, PoolState } from './article-store.ts';
import { StackError } from '../config/index.ts';
import type { AwayReason } from '../errors.ts';
import { EngineAwayError } from '../errors.ts';
import { SecretUnchangedError } from './login.ts';
import type { MysqlPoolOptions } from './mysql-pool.ts';
import { MysqlPool } from './mysql-pool.ts';
import type { Query, Row } from '../queries/query.ts';
import { within } from '../within.ts';

export interface MysqlOptions extends Omit<MysqlPoolOptions, 'queueLimit' | 'connectTimeoutMs'> {
  /** The most that one call waits, for a free connection and for the answer together. */
  readonly timeoutMs: number;
}

/** The rows and MySQL's own time: from the statement going out to the last row in, waiting for a connection left out. */
export interface MysqlRows {
  readonly rows: readonly Row[];
  readonly mysqlMs: number;
}

/** How long the server is given to take its leave, in milliseconds. */
const GOODBYE_MS = 1_000;

/** The articles in MySQL. What MySQL cannot do at the moment is thrown as `EngineAwayError`. */
export class MysqlArticles {
  readonly #pool: MysqlPool;
  readonly #timeoutMs: number;
  readonly #connections: number;
  readonly #borrowed = new Set<PoolConnection>();
  #asking = 0;

  constructor({ timeoutMs, ...options }: MysqlOptions) {
    this.#timeoutMs = timeoutMs;
    this.#connections = options.connections;
    this.#pool = new MysqlPool({
      ...options,
      queueLimit: options.connections * 20,
      connectTimeoutMs: Math.min(timeoutMs, 5_000),
    });
  }

  async rows({ statement: { sql, params } }: Query): Promise<MysqlRows> {
    return this.use(async (connection) => {
      const startedAt = performance.now();
      const [rows] = await connection.execute<(Row & RowDataPacket)[]>(sql, [...params]);
      return { rows, mysqlMs: performance.now() - startedAt };
    });
  }

  async explain({ statement: { sql, params } }: Query): Promise<PlanLine[]> {
    return this.use(async (connection) => {
      // Not prepared: nobody asks for the same plan often.
      const [lines] = await connection.query<RowDataPacket[]>(`EXPLAIN ${sql}`, [...params]);
      return lines.map((line) => ({
        table: String(line['table']),
        type: String(line['type'] ?? ''),
        key: line['key'] === null ? undefined : String(line['key']),
        rows: line['rows'] === null ? undefined : Number(line['rows']),
        extra: String(line['Extra'] ?? ''),
      }));
    });
  }

  /** Rejects unless the server answers and the table is there. Reads no rows. */
  async check(): Promise<void> {
    await this.use((connection) => connection.query('SELECT 1 FROM articles LIMIT 0'));
  }

  /** Cuts off what is still being asked, and says goodbye on the idle connections, to a server that listens. */
  async close(): Promise<void> {
    for (const connection of this.#borrowed) connection.destroy();
    const goodbye = within(GOODBYE_MS, this.#pool.end(), () => new EngineAwayError('mysql', 'slow'));
    // Nothing is lost with a server that does not hear it.
    await goodbye.catch(() => {});
  }

  /** How the connections are used at this moment. */
  get pool(): PoolState {
    const inUse = this.#borrowed.size;
    return { limit: this.#connections, inUse, waiting: Math.max(0, this.#asking - inUse) };
  }

  /** Runs `work` on a connection of its own, which is destroyed should it throw. Throws `EngineAwayError`. */
  async use<T>(work: (connection: PoolConnection) => Promise<T>): Promise<T> {
    const abandoned = new AbortController();
    this.#asking++;
    try {
      return await within(this.#timeoutMs, this.#borrow(work, abandoned.signal), () => {
        abandoned.abort();
        return new EngineAwayError('mysql', 'slow');
      });
    } catch (error) {
      throw asAway(error);
    } finally {
      this.#asking--;
    }
  }

  async #borrow<T>(work: (connection: PoolConnection) => Promise<T>, abandoned: AbortSignal): Promise<T> {
    const connection = await this.#pool.getConnection();
    if (abandoned.aborted) {
      connection.release();
      throw new EngineAwayError('mysql', 'slow');
    }
    // An answer that nobody waits for is still on its way on this connection: the next borrower would take it for its own.
    const destroy = () => connection.destroy();
    abandoned.addEventListener('abort', destroy, { once: true });
    this.#borrowed.add(connection);
    try {
      const result = await work(connection);
      connection.release();
      return result;
    } catch (error) {
      destroy();
      throw error;
    } finally {
      abandoned.removeEventListener('abort', destroy);
      this.#borrowed.delete(connection);
    }
  }
}

const REASON_OF_CODE: Record<string, AwayReason> = {
  ECONNREFUSED: 'away',
  ECONNRESET: 'away',
  EPIPE: 'away',
  ENOTFOUND: 'away',
  EAI_AGAIN: 'away',
  EHOSTUNREACH: 'away',
  ENETUNREACH: 'away',
  ETIMEDOUT: 'away',
  PROTOCOL_CONNECTION_LOST: 'away',
  ER_SERVER_SHUTDOWN: 'away',
  ER_CON_COUNT_ERROR: 'busy',
  ER_TOO_MANY_USER_CONNECTIONS: 'busy',
  ER_ACCESS_DENIED_ERROR: 'denied',
  ER_DBACCESS_DENIED_ERROR: 'denied',
  ER_TABLEACCESS_DENIED_ERROR: 'denied',
  HANDSHAKE_NO_SSL_SUPPORT: 'untrusted',
  HANDSHAKE_SSL_ERROR: 'untrusted',
  ER_BAD_DB_ERROR: 'empty',
  ER_NO_SUCH_TABLE: 'empty',
};

function asAway(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  // A full line has only this text to be known by.
  if (error.message === 'Queue limit reached.') return new EngineAwayError('mysql', 'busy', { cause: error });
  // Refused, and there is nothing newer to be had.
  if (error instanceof SecretUnchangedError || error instanceof StackError) {
    return new EngineAwayError('mysql', 'denied', { cause: error });
  }
  const code = 'code' in error ? String(error.code) : '';
  const reason = Object.hasOwn(REASON_OF_CODE, code) ? REASON_OF_CODE[code] : undefined;
  return reason === undefined ? error : new EngineAwayError('mysql', reason, { cause: error });
}
