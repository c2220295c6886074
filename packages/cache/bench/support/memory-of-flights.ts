import { createCache } from '../../src/index.ts';
import { bytesHeld, sendReport } from './memory.ts';

const FLIGHTS = 5_000;

const [redisUrl, prefix] = process.argv.slice(2) as [string, string];
const cache = createCache({
  redis: redisUrl,
  prefix,
  timeoutMs: 5_000,
  loads: { maxConcurrent: FLIGHTS },
});
const ask = (key: string, load: () => Promise<unknown>) => cache.getOrLoad(key, load, { ttlMs: 600_000 });

// What the first reads set up for good is not to be counted.
await Promise.all(Array.from({ length: FLIGHTS }, (_, id) => ask(`warm-up:${id}`, async () => id)));
const before = await bytesHeld();

let land = (): void => {};
const landing = new Promise<void>((resolve) => {
  land = resolve;
});
let started = 0;
const flights: Promise<unknown>[] = [];
await new Promise<void>((allStarted) => {
  for (let id = 0; id < FLIGHTS; id += 1) {
    const load = async (): Promise<number> => {
      started += 1;
      if (started === FLIGHTS) allStarted();
      await landing;
      return id;
    };
    flights.push(ask(`flight:${id}`, load));
  }
});
const after = await bytesHeld();

land();
await Promise.all(flights);
await cache.clear();
await cache.close();
sendReport({ flight: (after - before) / FLIGHTS });
