import { articlesTable } from '@workshop/dataset';
import type { PoolConnection, RowDataPacket } from 'mysql2/promise';
import type { MysqlArticles } from '../store/mysql-articles.ts';
import type { Change } from './article-records.ts';

const SELECT = `SELECT ${articlesTable.columns.join(', ')} FROM articles WHERE OBJECTID`;

/** Articles in MySQL, each as JSON. What MySQL cannot do at the moment is thrown as `EngineAwayError`. */
export class MysqlRecords {
  readonly #mysql: MysqlArticles;

  constructor(mysql: MysqlArticles) {
    this.#mysql = mysql;
  }

  async get(id: number): Promise<Buffer | undefined> {
    return await this.#mysql.use(async (connection) => await readOne(connection, id));
  }

  async getMany(ids: readonly number[]): Promise<Map<number, Buffer>> {
    return await this.#mysql.use(async (connection) => {
      // Not prepared: each number of ids would be another statement.
      const [rows] = await connection.query<RowDataPacket[]>(`${SELECT} IN (?)`, [ids]);
      return new Map(rows.map((row) => [Number(row['OBJECTID']), jsonOf(row)]));
    });
  }

  /** One transaction: the row stays locked from the look at what it is to the COMMIT, so nobody changes it in between. */
  async changeTitle(id: number, title: string, isExpected: (json: Buffer) => boolean): Promise<Change> {
    return await this.#mysql.use(async (connection) => {
      await connection.beginTransaction();
      const before = await readOne(connection, id, 'FOR UPDATE');
      if (before === undefined || !isExpected(before)) {
        await connection.rollback();
        return { outcome: before === undefined ? 'absent' : 'stale' };
      }
      await connection.execute('UPDATE articles SET Title = ? WHERE OBJECTID = ?', [title, id]);
      // As the table keeps it, which is what the next reader gets.
      const json = (await readOne(connection, id)) ?? before;
      await connection.commit();
      return { outcome: 'changed', json };
    });
  }
}

async function readOne(
  connection: PoolConnection,
  id: number,
  lock: 'FOR UPDATE' | '' = '',
): Promise<Buffer | undefined> {
  const [[row]] = await connection.execute<RowDataPacket[]>(`${SELECT} = ? ${lock}`, [id]);
  return row === undefined ? undefined : jsonOf(row);
}

const jsonOf = (row: RowDataPacket): Buffer => Buffer.from(JSON.stringify(row));
