import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { enginesUp } from '@workshop/engines';
import { minimist } from 'zx';
import { report, UsageError } from './src/report-error.ts';
import { labNumbers, labsRoot } from './src/labs.ts';

interface SoakModule {
  soakLabs: (options: {
    labsRoot: string;
    engines: { mysqlUrl: string; redisUrl: string };
    rounds: number;
    lab?: string;
    only?: string;
    busy: boolean;
    log: (line: string) => void;
  }) => Promise<string[]>;
}

/**
 * `pnpm soak:labs [--rounds N] [--lab NN] [--only NAME] [--busy]`: is every verdict the same every time? Of each solution,
 * variant and mistake; with `--busy` while every core has other things to do.
 */
export async function main(args: string[]): Promise<number> {
  try {
    const given = minimist(args, { string: ['rounds', 'lab', 'only'], boolean: ['busy'] }) as {
      rounds?: string;
      lab?: string;
      only?: string;
      busy?: boolean;
    };
    const rounds = Number(given.rounds ?? 100);
    if (!(Number.isSafeInteger(rounds) && rounds > 1)) {
      throw new UsageError(
        `--rounds must be a whole number above 1, but is ${JSON.stringify(given.rounds)}.`,
      );
    }
    const lab = given.lab?.padStart(2, '0');
    const labs = await labNumbers();
    if (lab !== undefined && !labs.includes(lab))
      throw new UsageError(`There is no lab ${given.lab}. There are: ${labs.join(', ')}.`);
    const engines = await enginesUp({ onProgress: (line) => console.error(line) });
    // By path: nothing imports the labs.
    const file = pathToFileURL(join(labsRoot, 'soak/soak.ts')).href;
    const { soakLabs } = (await import(file)) as SoakModule;
    const differences = await soakLabs({
      labsRoot,
      engines,
      rounds,
      ...(lab && { lab }),
      ...(given.only && { only: given.only }),
      busy: Boolean(given.busy),
      log: (line) => console.log(line),
    });
    for (const line of differences) console.log(line);
    console.log(differences.length === 0 ? 'Every verdict was the same.' : `${differences.length} differed.`);
    return differences.length === 0 ? 0 : 1;
  } catch (error) {
    return report(error);
  }
}
