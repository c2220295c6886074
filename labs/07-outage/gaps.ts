import { gaps } from '../gaps.ts';

export default gaps({
  change: [
    [
      `  const pool = createPool({
    uri: mysqlUrl,
    connectionLimit: 10,
`,
      `  // GAP 1: MySQL takes a query and does not answer. How long does its caller wait, and the one who wants a connection meanwhile?
  // GAP 2: MySQL fails for a minute. How many queries does it get in that minute? And how many may wait in line?
  const pool = createPool({
    uri: mysqlUrl,
    connectionLimit: 10,
`,
    ],
    [
      `    const generations = await presentGenerations(tags).catch(() => undefined);
`,
      `    // GAP 3: Redis has not answered for ten minutes. Does this read have to find that out anew, and wait for it?
    const generations = await presentGenerations(tags).catch(() => undefined);
`,
    ],
    [
      `    return await flights.share(current, async () => await loadOnce(current, form, query));
`,
      `    // GAP 4: the load fails. The answer that was right a minute ago: where is it now?
    return await flights.share(current, async () => await loadOnce(current, form, query));
`,
    ],
  ],
});
