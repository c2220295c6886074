import { gaps } from '../gaps.ts';

// The near copies of lab 08 and the site of lab 09 stay with one server: the guide says why.
export default gaps({
  after: '07-outage',
  change: [
    [
      '  const redis = new Redis(redisUrl, {\n',
      `  // GAP 1: redisUrl is any node of a cluster now, and a third of the keys is on it.
  // GAP 3: half of the nodes are replicas, and idle. Which reads may be some milliseconds old, and which may not?
  const redis = new Redis(redisUrl, {
`,
    ],
    [
      "  redis.on('ready', () => void payOwed().catch(() => {}));\n",
      `  // GAP 4: when one node of three fails over, no client is told "ready". Who pays then, and when?
  redis.on('ready', () => void payOwed().catch(() => {}));
`,
    ],
    [
      '    await redis.unlink(keys);\n',
      `    // GAP 2: these keys are in several slots. So are those of MGET and MULTI in generations.ts.
    await redis.unlink(keys);
`,
    ],
  ],
});
