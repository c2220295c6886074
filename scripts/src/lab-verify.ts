import { existsSync } from 'node:fs';
import { enginesUp } from '@workshop/engines';
import {
  lookOf,
  noteVerdict,
  openFolder,
  Report,
  runLab,
  type CheckVerdict,
  type RunLabOptions,
  type Verdict,
} from '@workshop/lab-kit';
import { findLab, labNumbers, labsRoot, progressFile, type FoundLab } from './labs.ts';
import { UsageError } from './report-error.ts';

type OnCheck = NonNullable<RunLabOptions['onCheck']>;

export interface VerifyOptions {
  json: boolean;
  solution: boolean;
  transcript: boolean;
  dir: string | undefined;
}

/**
 * `pnpm lab:verify [NN]`. Exit code 0 only when all that was asked about passes. Without a number: the labs in order,
 * up to the first that is not done.
 */
export async function verify(number: string | undefined, options: VerifyOptions): Promise<number> {
  if (options.dir !== undefined && options.solution) throw new UsageError('--dir or --solution, not both.');
  if (options.dir !== undefined && number === undefined)
    throw new UsageError('--dir needs a lab: pnpm lab:verify 02 --dir FOLDER');
  const wanted = number === undefined ? await labNumbers() : [number];
  const look = lookOf(process.stdout, process.env);
  const verdicts: Verdict[] = [];
  let passed = true;
  for (const each of wanted) {
    const found = await findLab(each);
    const folder = folderOf(found, options);
    if (folder === found.folders.work && !existsSync(folder)) {
      if (number !== undefined)
        throw new UsageError(`Lab ${found.lab.id} is not started. First: pnpm lab:start ${found.lab.id}`);
      if (!options.json)
        console.log(
          `\nYou are at lab ${found.lab.id}, ${found.lab.title}. Go on with: pnpm lab:start ${found.lab.id}`,
        );
      passed = false;
      break;
    }
    const report = new Report({ lab: found.lab, look, transcript: options.transcript });
    if (!options.json) console.log(report.heading());
    const verdict = await verifyOne(found, folder, stopSignal(), (check, lines) => {
      if (!options.json) console.log(report.check(check, lines));
    });
    verdicts.push(verdict);
    const isLearners = !options.solution && options.dir === undefined;
    if (isLearners) await noteVerdict(progressFile(), verdict, new Date());
    if (!options.json) console.log(report.summary(verdict));
    if (verdict.passed) continue;
    passed = false;
    if (number === undefined && !options.json)
      console.log(`\nYou are at lab ${found.lab.id}, ${found.lab.title}.`);
    break;
  }
  if (options.json) console.log(JSON.stringify(number === undefined ? verdicts : verdicts[0], null, 2));
  return passed ? 0 : 1;
}

/** Ctrl-C ends a run by way of its clean-up: its schema and its process go with it. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => controller.abort(new Interrupted(signal)));
  }
  return controller.signal;
}

class Interrupted extends Error {
  override name = 'Interrupted';

  constructor(signal: NodeJS.Signals) {
    super(`Stopped by ${signal}.`);
  }
}

function folderOf({ folders }: FoundLab, options: VerifyOptions): string {
  return options.dir ?? (options.solution ? folders.solution : folders.work);
}

async function verifyOne(
  { lab }: FoundLab,
  folder: string,
  signal: AbortSignal,
  onCheck: OnCheck,
): Promise<Verdict> {
  const engines = await enginesUp({ onProgress: (line) => console.error(line) });
  const checked = await openFolder(folder, labsRoot);
  try {
    const verdict = await runLab({
      lab,
      entry: checked.entry,
      engines,
      signal,
      onCheck: (check, lines) => onCheck(withNames(check, checked.rename), lines),
    });
    return { ...verdict, checks: verdict.checks.map((check) => withNames(check, checked.rename)) };
  } finally {
    await checked.dispose();
  }
}

function withNames(check: CheckVerdict, rename: (text: string) => string): CheckVerdict {
  return {
    ...check,
    observed: rename(check.observed),
    ...(check.output ? { output: rename(check.output) } : {}),
  };
}
