import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { enginesUp } from '@workshop/engines';
import { minimist } from 'zx';
import { report, UsageError } from './src/report-error.ts';
import { root } from './src/root.ts';

interface Soak {
  soak: (options: SoakOptions) => Promise<boolean>;
  replay: (options: SoakOptions) => Promise<boolean>;
  faults: readonly string[];
}

interface SoakOptions {
  redisUrl: string;
  seed: number;
  schedules: number;
  fault: string | undefined;
  log(line: string): void;
  progress(line: string): void;
}

const SCHEDULES = 100_000;

/**
 * `pnpm soak [--schedules N] [--seed N] [--fault NAME]`: many interleavings of the cache's operations. A seed alone replays that one
 * schedule. A fault breaks the cache in a known way, which must be found.
 */
export async function main(args: string[]): Promise<number> {
  try {
    const given = minimist(args, { string: ['schedules', 'seed', 'fault'] }) as Record<
      string,
      string | undefined
    >;
    const log = (line: string) => console.log(line);
    const progress = (line: string) => console.error(line);
    const file = pathToFileURL(join(root, 'packages/cache/scripts/soak.ts')).href;
    const { soak, replay, faults } = (await import(file)) as Soak;
    const { fault } = given;
    if (fault !== undefined && !faults.includes(fault)) {
      throw new UsageError(`There is no fault ${JSON.stringify(fault)}. There are: ${faults.join(', ')}.`);
    }
    const { redisUrl } = await enginesUp({ onProgress: progress });
    const options = {
      redisUrl,
      seed: countFrom(given, 'seed') ?? 1,
      schedules: countFrom(given, 'schedules') ?? SCHEDULES,
      fault,
      log,
      progress,
    };
    const isReplay = given['seed'] !== undefined && given['schedules'] === undefined;
    return (await (isReplay ? replay(options) : soak(options))) ? 0 : 1;
  } catch (error) {
    return report(error);
  }
}

function countFrom(given: Record<string, string | undefined>, option: string): number | undefined {
  const text = given[option];
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!(Number.isSafeInteger(count) && count > 0)) {
    throw new UsageError(`--${option} must be a whole number above 0, but is ${JSON.stringify(text)}.`);
  }
  return count;
}
