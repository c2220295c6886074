import { enginesUp, type Engines } from '@workshop/engines';
import {
  isWork,
  LabSession,
  lastSave,
  lookOf,
  noteVerdict,
  openFolder,
  readProgress,
  Report,
  type RunOptions,
  type Verdict,
} from '@workshop/lab-kit';
import { checkWithNames, withNames } from './check-work.ts';
import { findLab, labNumbers, labsRoot, progressFile, type FoundLab } from './labs.ts';
import { noted, UsageError } from './report-error.ts';

type OnCheck = NonNullable<RunOptions['onCheck']>;

export interface VerifyOptions {
  json: boolean;
  solution: boolean;
  transcript: boolean;
  dir: string | undefined;
}

/**
 * `pnpm lab:verify [NN]`. Exit code 0 only when all that was checked passes. Without a number: the labs in order, up to
 * the first that does not pass or is not started.
 */
export async function verify(number: string | undefined, options: VerifyOptions): Promise<number> {
  if (options.dir !== undefined && options.solution) throw new UsageError('--dir or --solution, not both.');
  if (options.dir !== undefined && number === undefined)
    throw new UsageError('--dir needs a lab: pnpm lab:verify 02 --dir FOLDER');
  const wanted = number === undefined ? await labNumbers() : [number];
  // What is taken away after a verdict does not hold it up, only the end of the command.
  const ending: Promise<void>[] = [];
  const run: Run = { engines: undefined, signal: stopSignal(), ending };
  try {
    return await verifyAll(wanted, number === undefined, options, run);
  } finally {
    await Promise.all(ending);
  }
}

/** What the labs of one command share. */
interface Run {
  engines: Promise<Engines> | undefined;
  signal: AbortSignal;
  ending: Promise<void>[];
}

async function verifyAll(
  wanted: string[],
  inOrder: boolean,
  options: VerifyOptions,
  run: Run,
): Promise<number> {
  const look = lookOf(process.stdout, process.env);
  const say = (text: string) => {
    if (!options.json) console.log(text);
  };
  const verdicts: Verdict[] = [];
  let passed = true;
  for (const each of wanted) {
    const found = await findLab(each);
    const { id, title } = found.lab;
    const folder = folderOf(found, options);
    if (folder === found.folders.work && !(await isWork(folder))) {
      if (inOrder && (await isSkipped(id))) {
        say(`Lab ${id}  ${title}: skipped\n`);
        continue;
      }
      if (!inOrder) throw new UsageError(`Lab ${id} is not started. First: pnpm lab:start ${id}`);
      say(`\nYou are at lab ${id}, ${title}. Go on with: pnpm lab:start ${id}`);
      passed = verdicts.length > 0;
      break;
    }
    const report = new Report({ lab: found.lab, look, transcript: options.transcript });
    say(`${verdicts.length > 0 ? '\n' : ''}${report.heading()}`);
    const verdict = await verifyOne(found, folder, run, (check, lines) => say(report.check(check, lines)));
    verdicts.push(verdict);
    say(report.summary(verdict));
    if (folder === found.folders.work) {
      await noted(noteVerdict(progressFile(), verdict, new Date(), await lastSave(folder)));
      // In order, what is next comes by itself.
      if (!inOrder || !verdict.passed) say(whatNext(id, verdict));
    }
    if (verdict.passed) continue;
    passed = false;
    if (inOrder) say(`\nYou are at lab ${id}, ${title}.`);
    break;
  }
  if (options.json) console.log(JSON.stringify(inOrder ? verdicts : verdicts[0], null, 2));
  return passed ? 0 : 1;
}

async function isSkipped(id: string): Promise<boolean> {
  return (await readProgress(progressFile())).progress.labs[id]?.skippedAt !== undefined;
}

function whatNext(id: string, { passed }: Verdict): string {
  return passed ? 'Next: pnpm lab:start' : `Stuck? pnpm lab:hint ${id}`;
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

async function verifyOne({ lab }: FoundLab, folder: string, run: Run, onCheck: OnCheck): Promise<Verdict> {
  const checked = await openFolder(folder, labsRoot, lab.entry);
  run.engines ??= enginesUp({ onProgress: (line) => console.error(line) });
  const session = new LabSession({ lab, engines: run.engines });
  try {
    const verdict = await session.run({
      entry: checked.entry,
      signal: run.signal,
      onCheck: (check, lines) => onCheck(checkWithNames(check, checked.rename), lines),
    });
    return withNames(verdict, checked.rename);
  } finally {
    run.ending.push(session.close().then(checked.dispose));
  }
}
