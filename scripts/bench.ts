import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { enginesUp } from '@workshop/engines';
import { glob, minimist } from 'zx';
import { report, UsageError } from './src/report-error.ts';
import { root } from './src/root.ts';

/** A figure is a ratio or a count, measured side by side in one run: machines differ and are noisy. */
interface Bench {
  id: string;
  title: string;
  target: { atLeast: number } | { atMost: number };
  measure(context: { mysqlUrl: string; redisUrl: string; log(line: string): void }): Promise<number>;
}

/** `pnpm bench [--json] [--only ID]`: runs every `bench/*.ts` of the packages. */
export async function main(args: string[]): Promise<number> {
  try {
    const { json, only } = minimist(args, { boolean: ['json'], string: ['only'] }) as {
      json?: boolean;
      only?: string;
    };
    const benches = await findBenches(only);
    const log = (line: string) => console.error(line);
    const { mysqlUrl, redisUrl } = await enginesUp({ onProgress: log });
    const figures = [];
    for (const bench of benches) {
      log(`${bench.id}: ${bench.title}`);
      const value = await bench.measure({ mysqlUrl, redisUrl, log: (line) => log(`  ${line}`) });
      const { target } = bench;
      const ok = 'atLeast' in target ? value >= target.atLeast : value <= target.atMost;
      figures.push({ id: bench.id, value, target, ok });
      const wanted = 'atLeast' in target ? `at least ${target.atLeast}` : `at most ${target.atMost}`;
      if (!json)
        console.log(
          `${ok ? 'ok  ' : 'MISS'}  ${bench.id.padEnd(24)} ${value.toFixed(2).padStart(8)}   ${wanted}`,
        );
    }
    if (json) console.log(JSON.stringify({ figures }, null, 2));
    return figures.every((figure) => figure.ok) ? 0 : 1;
  } catch (error) {
    return report(error);
  }
}

async function findBenches(only: string | undefined): Promise<Bench[]> {
  const files = await glob(['packages/*/bench/*.ts', 'labs/bench/*.ts', 'infra/bench/*.ts'], { cwd: root });
  const benches: Bench[] = [];
  for (const file of files.toSorted()) {
    const { default: bench } = (await import(pathToFileURL(join(root, file)).href)) as { default: Bench };
    benches.push(bench);
  }
  const chosen = benches.filter((bench) => only === undefined || bench.id === only);
  if (chosen.length === 0)
    throw new UsageError(`No figure ${only}. There are: ${benches.map((bench) => bench.id).join(', ')}.`);
  return chosen;
}
