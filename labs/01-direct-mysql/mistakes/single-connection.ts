import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'One connection serves all: it is always the same database.',
  caughtBy: 'mysql-returns',
  named: 'connection-not-replaced',
  says: ['has been back for 5 s'],
  change: [
    ['import { createPool, type RowDataPacket }', 'import { createConnection, type RowDataPacket }'],
    [
      'export function createArticleStore({ mysqlUrl }: StoreOptions): ArticleStore {',
      'export async function createArticleStore({ mysqlUrl }: StoreOptions): Promise<ArticleStore> {',
    ],
    [
      `const pool = createPool({
    uri: mysqlUrl,
    connectionLimit: 10,`,
      `const pool = await createConnection({
    uri: mysqlUrl,`,
    ],
    [
      `    bigNumberStrings: true,
  });
`,
      `    bigNumberStrings: true,
  });
  pool.on('error', () => {});
`,
    ],
  ],
});
