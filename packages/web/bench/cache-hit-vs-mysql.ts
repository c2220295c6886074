import { DEFAULT_ROWS, ensureDataset } from '@workshop/dataset';
import { createTestDatabase, testKeyPrefix } from '@workshop/engines/test-space';
import { readConfig, startServer } from '../src/index.ts';

const ROUNDS = 9;

interface Context {
  readonly mysqlUrl: string;
  readonly redisUrl: string;
  readonly log: (line: string) => void;
}

/**
 * What the demo is there to show, by what its own `Server-Timing` says: MySQL's time for the default search over
 * Redis's for the second request of `/query_cache`, decoding included. Each round begins with the cache deleted; the medians
 * of the rounds count, so that a moment's load on the machine does not.
 */
export default {
  id: 'cache-hit-vs-mysql',
  title: 'A search in MySQL, over the same search as a hit',
  target: { atLeast: 50 },
  async measure({ mysqlUrl, redisUrl, log }: Context): Promise<number> {
    const database = await createTestDatabase(mysqlUrl);
    try {
      await ensureDataset(database.url, { rows: DEFAULT_ROWS });
      const server = await startServer(
        await readConfig({
          MYSQL_URL: database.url,
          REDIS_URL: redisUrl,
          PORT: '0',
          LOG_LEVEL: 'silent',
          CACHE_PREFIX: testKeyPrefix().replace(/:$/, ''),
        }),
      );
      try {
        return await compare(server.url, log);
      } finally {
        await fetch(`${server.url}/delete_cache`, { method: 'POST' });
        await server.close();
      }
    } finally {
      await database.drop();
    }
  },
};

async function compare(url: string, log: Context['log']): Promise<number> {
  const mysqlTimes: number[] = [];
  const hitTimes: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    await fetch(`${url}/delete_cache`, { method: 'POST' });
    const mysqlMs = await timing(`${url}/query_mysql`, 'mysql');
    await timing(`${url}/query_cache`, 'mysql');
    const hitMs = await timing(`${url}/query_cache`, 'cache');
    mysqlTimes.push(mysqlMs);
    hitTimes.push(hitMs);
    log(`round ${round}: MySQL ${mysqlMs.toFixed(0)} ms, the hit ${hitMs.toFixed(2)} ms`);
  }
  return median(mysqlTimes) / median(hitTimes);
}

/** The duration of a metric of `Server-Timing`. Throws when it is not there: then this was not the answer that is measured. */
async function timing(address: string, name: string): Promise<number> {
  const response = await fetch(address);
  await response.arrayBuffer();
  const header = response.headers.get('server-timing') ?? '';
  const duration = new RegExp(`${name};dur=([\\d.]+)`).exec(header)?.[1];
  if (duration === undefined)
    throw new Error(`${address} answered ${response.status} with Server-Timing "${header}"`);
  return Number(duration);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
