import { gaps } from '../gaps.ts';

export default gaps({
  change: [
    [
      'createArticleStore({ mysqlUrl }: StoreOptions)',
      'createArticleStore({ mysqlUrl, redisUrl }: StoreOptions)',
    ],
    [
      `    bigNumberStrings: true,
  });
`,
      `    bigNumberStrings: true,
  });
  // GAP 1: a Redis client for \`redisUrl\`. What should a read do while Redis refuses, or does not answer?
  void redisUrl;
`,
    ],
    [
      `      const [rows] = await pool.execute<RowDataPacket[]>(searchSql, searchParams(term, limit));
`,
      `      const params = searchParams(term, limit);
      // GAP 2: look in Redis first; after this query, store its rows with an expiry of a minute.
      const [rows] = await pool.execute<RowDataPacket[]>(searchSql, params);
`,
    ],
    [
      `      // \`execute\` borrows a connection and gives it back, also when the query fails.
`,
      `      // GAP 3: the same here. JSON knows neither bigint nor Date, and "there is no such article" is an answer too.
`,
    ],
    [
      `      await pool.end();
`,
      `      // GAP 4: and the Redis client.
      await pool.end();
`,
    ],
  ],
});
