import type { ArticleRow } from '@workshop/dataset';
import { createMysqlTap, type MysqlTap, type WireRecord } from '@workshop/wiretap';
import type { Connection } from 'mysql2/promise';
import { fillFixture, fixtureArticles } from './fixture.ts';
import type { Lab } from './lab.ts';
import { createSchema, type RunSchema } from './mysql-schema.ts';
import { KeptTables } from './kept-tables.ts';

/** The MySQL half of a space: a schema that holds the lab's tables, and a user who may use only that. */
export interface MysqlSide {
  tap: MysqlTap;
  /** For the learner's code: through the wiretap. */
  learnerUrl: string;
  /** A connection with every privilege, around the wiretap. */
  mysql: Connection;
  /** What the table `articles` holds. */
  articles: readonly ArticleRow[];
  tables: KeptTables;
  /** Makes the tables as they were at the start. @returns false when the learner's sessions had to be ended for it */
  renew(): Promise<boolean>;
  release(): Promise<void>;
}

/** @param model of the same lab: its tables are copied by the server, which is faster than sending them once more */
export async function openMysqlSide(
  mysqlUrl: string,
  lab: Pick<Lab, 'privileges' | 'tables'>,
  record: WireRecord,
  model?: KeptTables,
): Promise<MysqlSide> {
  const schema = await createSchema(mysqlUrl, lab.privileges ?? 'SELECT');
  const { name, password, mysql } = schema;
  const { hostname, host, port } = new URL(mysqlUrl);
  let tap: MysqlTap | undefined;
  const release = async () => {
    await tap?.close();
    await schema.close();
  };
  try {
    const articles = fixtureArticles();
    const tables = model?.for(mysql) ?? (await fillTables(schema, lab, articles));
    if (model) await tables.restore();
    tap = await createMysqlTap({ upstream: { host: hostname, port: Number(port || 3306) }, record });
    return {
      tap,
      learnerUrl: tap.url(`mysql://${name}:${password}@${host}/${name}`),
      mysql,
      articles,
      tables,
      release,
      async renew() {
        if (await tables.restore()) return true;
        // A transaction that the learner's code never ended.
        await schema.endSessions();
        if (await tables.restore()) return false;
        throw new Error(`the tables of ${name} are locked by somebody who is not the learner's code`);
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

async function fillTables(
  { adminUrl, mysql, name }: RunSchema,
  lab: Pick<Lab, 'tables'>,
  articles: readonly ArticleRow[],
): Promise<KeptTables> {
  await fillFixture(adminUrl, mysql, articles);
  await lab.tables?.(mysql);
  return await KeptTables.keep(mysql, name);
}
