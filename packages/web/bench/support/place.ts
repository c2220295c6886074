import { DEFAULT_ROWS, ensureDataset } from '@workshop/dataset';
import { createTestDatabase, testKeyPrefix } from '@workshop/engines/test-space';
import { Redis } from 'ioredis';
import { Process } from './process.ts';

export interface Context {
  readonly mysqlUrl: string;
  readonly redisUrl: string;
  readonly log: (line: string) => void;
}

export interface Place {
  readonly demoUrl: string;
  readonly bareUrl: string;
  /** Express with nothing but one route, over the same bytes in memory. */
  readonly expressUrl: string;
  /** Puts what the demo answers at `path` where the bare server finds it, as it is. Gives its key, and how long it is. */
  readonly copy: (path: string) => Promise<{ key: string; bytes: number }>;
}

/** The demo, on the whole data set, and the bare server, each in a process of its own. */
export async function withServers<T>(
  { mysqlUrl, redisUrl }: Context,
  nearEntries: number,
  work: (place: Place) => Promise<T>,
): Promise<T> {
  const database = await createTestDatabase(mysqlUrl);
  const prefix = testKeyPrefix().replace(/:$/, '');
  const redis = new Redis(redisUrl);
  try {
    await ensureDataset(database.url, { rows: DEFAULT_ROWS });
    await using demo = new Process('serve-demo.ts', {
      MYSQL_URL: database.url,
      REDIS_URL: redisUrl,
      PORT: '0',
      CACHE_PREFIX: prefix,
      // Longer than all of it takes: a miss is not what is measured.
      CACHE_TTL_SECONDS: '3600',
      NEAR_ENTRIES: String(nearEntries),
    });
    const demoUrl = await demo.hear<string>();
    await using bare = new Process('serve-bare.ts', { REDIS_URL: redisUrl });
    const bareUrl = await bare.hear<string>();
    await using bareExpress = new Process('serve-express.ts', { REDIS_URL: redisUrl });
    const expressUrl = await bareExpress.hear<string>();
    return await work({
      demoUrl,
      bareUrl,
      expressUrl,
      async copy(path) {
        await hit(demoUrl + path);
        const body = await hit(demoUrl + path);
        const key = `${prefix}-copy`;
        await redis.set(key, body, 'EX', 3_600);
        return { key, bytes: body.length };
      },
    });
  } finally {
    const keys = await redis.keys(`${prefix}*`);
    if (keys.length > 0) await redis.unlink(keys);
    redis.disconnect();
    await database.drop();
  }
}

async function hit(url: string): Promise<Buffer> {
  const response = await fetch(url, { headers: { 'Accept-Encoding': 'identity' } });
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}.`);
  return Buffer.from(await response.arrayBuffer());
}
