import { setTimeout as delay } from 'node:timers/promises';
import type { OpenPeer } from './peers/peer.ts';
import { PEERS } from './peers/all.ts';
import { openOurs } from './peers/ours.ts';
import { connectTo } from './place.ts';

// A process of a crowd (see crowd.ts): it is told a key and has all its callers ask for it at once.

export interface CrowdSetup {
  readonly redisUrl: string;
  readonly prefix: string;
  /** `ours`, or the name of a peer. */
  readonly library: string;
  readonly callers: number;
  /** How long a load takes. */
  readonly loadMs: number;
  /** Whether it then throws. */
  readonly fails: boolean;
}

export interface CrowdOrder {
  readonly key: string;
}

export interface CrowdReport {
  /** How often the loader of this process was called. */
  readonly loads: number;
  /** What the callers got: each distinct value or error message, and how many got it. */
  readonly got: ReadonlyMap<string, number>;
}

const setup = JSON.parse(process.argv[2]!) as CrowdSetup;
const libraries: Record<string, OpenPeer> = { ours: openOurs, ...PEERS };
const redis = connectTo({ url: setup.redisUrl });
const cache = await libraries[setup.library]!({ url: setup.redisUrl }, setup.prefix);

/** Counted where all processes see it: the value of a load is its number among all of them. */
async function load(key: string): Promise<string> {
  const number = await redis.incr(`${setup.prefix}-loads:${key}`);
  await delay(setup.loadMs);
  if (setup.fails) throw new Error('The load failed.');
  return `load ${number}`;
}

async function rush({ key }: CrowdOrder): Promise<CrowdReport> {
  let loads = 0;
  const got = new Map<string, number>();
  const caller = async (): Promise<void> => {
    const outcome = await cache
      .getOrLoad(key, () => {
        loads += 1;
        return load(key);
      })
      .catch((error: unknown) => String(error));
    const name = String(outcome);
    got.set(name, (got.get(name) ?? 0) + 1);
  };
  await Promise.all(Array.from({ length: setup.callers }, caller));
  return { loads, got };
}

process.on('message', (order: CrowdOrder) => {
  rush(order).then(
    (report) => process.send?.(report),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});

process.once('disconnect', () => {
  redis.disconnect();
  void cache.close();
});

// Connected, and the code of a read compiled, before it counts.
await cache.getOrLoad('warm-up', async () => 'warm');
process.send?.('ready');
