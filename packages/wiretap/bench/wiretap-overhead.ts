import { Redis } from 'ioredis';
import { createRedisTap } from '../src/index.ts';

const CALLERS = 50;
const GETS = 40_000;
const ROUNDS = 7;

interface Context {
  redisUrl: string;
  log: (line: string) => void;
}

/**
 * What looking through a tap costs: GETs of 1 KB per second through it over those without it, asked by 50 callers at once.
 * The tap, which reads and records both directions, shares one thread with the client here, so this is its worst case.
 * The two take turns, and the median of the rounds counts.
 */
export default {
  id: 'wiretap-vs-direct',
  title: 'GETs through the wiretap, over GETs straight from Redis',
  target: { atLeast: 0.4 },
  async measure({ redisUrl, log }: Context): Promise<number> {
    const { hostname, port } = new URL(redisUrl);
    const tap = await createRedisTap({ upstream: { host: hostname, port: Number(port) } });
    const direct = new Redis(redisUrl);
    const tapped = new Redis(tap.url(redisUrl));
    const key = `bench:wiretap:${process.pid}`;
    try {
      await direct.set(key, 'x'.repeat(1024), 'EX', 600);
      // One round that does not count, while the code is compiled.
      await getsPerSecond(direct, key);
      await getsPerSecond(tapped, key);
      const ratios: number[] = [];
      for (let round = 1; round <= ROUNDS; round += 1) {
        const without = await getsPerSecond(direct, key);
        const through = await getsPerSecond(tapped, key);
        ratios.push(through / without);
        log(`round ${round}: ${Math.round(through)} GETs/s through the tap, ${Math.round(without)} without`);
      }
      return ratios.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)]!;
    } finally {
      await direct.del(key);
      direct.disconnect();
      tapped.disconnect();
      await tap.close();
    }
  },
};

async function getsPerSecond(client: Redis, key: string): Promise<number> {
  let left = GETS;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await client.get(key);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return (GETS / (performance.now() - start)) * 1000;
}
