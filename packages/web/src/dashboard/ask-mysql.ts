import type { RowDataPacket } from 'mysql2/promise';
import type { MysqlArticles } from '../store/mysql-articles.ts';
import type { MysqlFigures } from './sources.ts';

/**
 * Asks MySQL how many statements it has been sent. Give it connections of its own, of which one is enough: among the visitors', it would wait
 * behind them just when the answer matters most.
 */
export function createAskMysql(mysql: Pick<MysqlArticles, 'use'>): () => Promise<MysqlFigures> {
  let own = 0;
  return async () =>
    await mysql.use(async (connection) => {
      const [rows] = await connection.query<RowDataPacket[]>("SHOW GLOBAL STATUS LIKE 'Questions'");
      own++;
      return { questions: Number(rows[0]?.['Value']) - own };
    });
}
