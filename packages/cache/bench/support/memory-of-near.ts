import { createCache } from '../../src/index.ts';
import { article } from './articles.ts';
import { bytesHeld, sendReport } from './memory.ts';

const ENTRIES = 20_000;
const BATCH = 500;

const [redisUrl, prefix] = process.argv.slice(2) as [string, string];

// Decoded from JSON like the near cache's, since that decides how the engine lays the values out.
const beforeMap = await bytesHeld();
const map = new Map<string, unknown>();
for (let id = 0; id < ENTRIES; id += 1)
  map.set(`${prefix}:entry:${id}`, JSON.parse(JSON.stringify(article(id))));
const mapBytes = (await bytesHeld()) - beforeMap;
map.clear();

const cache = createCache({ redis: redisUrl, prefix, timeoutMs: 5_000, near: { maxEntries: ENTRIES } });
async function readAll(): Promise<void> {
  for (let first = 0; first < ENTRIES; first += BATCH) {
    const reads = Array.from({ length: BATCH }, (_, place) =>
      cache.getOrLoad(`entry:${first + place}`, async () => article(first + place), { ttlMs: 600_000 }),
    );
    await Promise.all(reads);
  }
}
const before = await bytesHeld();
// The first pass loads, and may find the near cache not yet on.
for (let pass = 0; pass < 5 && cache.stats().nearEntries < ENTRIES; pass += 1) await readAll();
const nearBytes = (await bytesHeld()) - before;
const { nearEntries } = cache.stats();
if (nearEntries < ENTRIES) throw new Error(`The near cache holds ${nearEntries} entries of ${ENTRIES}.`);

await cache.clear();
await cache.close();
sendReport({ nearEntry: nearBytes / ENTRIES, mapEntry: mapBytes / ENTRIES });
