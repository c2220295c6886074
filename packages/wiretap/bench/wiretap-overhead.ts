import { Redis } from 'ioredis';
import { createRedisTap } from '../src/index.ts';

const CALLERS = 50;
const ROUNDS = 9;
/** So many a round that what one leaves for the garbage collector does not weigh on the other. */
const GETS = 40_000;

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
      const rounds: { without: number; through: number }[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const without = await getsPerSecond(direct, key);
        rounds.push({ without, through: await getsPerSecond(tapped, key) });
      }
      // The first does not count: the code is being compiled.
      const counted = rounds.slice(1);
      const through = median(counted.map((round) => round.through));
      const without = median(counted.map((round) => round.without));
      log(`${Math.round(through)} GETs/s through the tap, ${Math.round(without)} without`);
      return median(counted.map((round) => round.through / round.without));
    } finally {
      await direct.del(key);
      direct.disconnect();
      tapped.disconnect();
      await tap.close();
    }
  },
};

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

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
