import { CheckFailed } from './check-failed.ts';
import type { EngineUrls } from './space.ts';
import { LabRun } from './lab-run.ts';
import { CallFailed, CallHung, LoadFailed, ProcessEnded } from './sandbox/errors.ts';
import type { Check, Lab } from './lab.ts';
import type { Limits } from './sandbox/learner-process.ts';
import type { TranscriptLine } from './transcript.ts';
import type { CheckVerdict, Verdict } from './verdict.ts';

/** How often a run goes on in a new process after the learner's code ended or blocked the last one. */
const maxLosses = 2;

export interface RunLabOptions {
  lab: Lab;
  /** The learner's file: `work/article-store.ts`. */
  entry: string;
  engines: EngineUrls;
  limits?: Limits;
  /** Skip what comes after the first check that fails. */
  untilFailure?: boolean;
  /** Ends the run early: it cleans up and throws the signal's reason. */
  signal?: AbortSignal;
  /** Called after each check, in order, with what reached the stores during it. */
  onCheck?: (verdict: CheckVerdict, lines: readonly TranscriptLine[]) => void;
}

/**
 * Runs a lab's checks against somebody's file.
 * @returns a verdict, also for code that does not load, ends its process or never returns
 * @throws only when the engines fail us
 */
export async function runLab({
  lab,
  entry,
  engines,
  limits,
  untilFailure,
  signal,
  onCheck,
}: RunLabOptions): Promise<Verdict> {
  const startedAt = performance.now();
  const run = await LabRun.create(lab, engines, entry, limits);
  const checks: CheckVerdict[] = [];
  let losses = 0;
  let stopped: string | undefined;
  const interrupt = () => void run.interrupt();
  signal?.addEventListener('abort', interrupt);
  try {
    for (const check of lab.checks) {
      signal?.throwIfAborted();
      const verdict: CheckVerdict = stopped ? skipped(check, stopped) : await runCheck(run, check);
      signal?.throwIfAborted();
      checks.push(verdict);
      onCheck?.(
        verdict,
        run.transcript.filter((line) => line.check === check.id),
      );
      if (untilFailure && !verdict.passed) stopped ??= 'not run: an earlier check failed';
      if (run.unusable) stopped ??= 'not run: the file could not be loaded';
      else if (run.lost && ++losses > maxLosses)
        stopped ??= `not run: the process was lost ${losses} times before`;
    }
  } finally {
    signal?.removeEventListener('abort', interrupt);
    await run.close();
  }
  return {
    lab: lab.id,
    passed: checks.every((check) => check.passed),
    durationMs: Math.round(performance.now() - startedAt),
    checks,
    transcript: run.transcript,
  };
}

async function runCheck(run: LabRun, check: Check): Promise<CheckVerdict> {
  const { id, title, expected, hint } = check;
  try {
    const observed = await run.check(check);
    return { id, title, passed: true, expected, observed, hint };
  } catch (error) {
    return { id, title, passed: false, expected, hint, ...explain(error) };
  }
}

/** @throws what is not the learner's doing */
function explain(error: unknown): Partial<CheckVerdict> & { observed: string } {
  if (error instanceof CheckFailed) return { observed: shorten(error.message), ...error.details };
  if (error instanceof LoadFailed) {
    return {
      observed: error.message,
      hint: 'Nothing could be checked yet. Your editor, or `pnpm exec tsc -p labs`, shows the same place.',
    };
  }
  if (error instanceof CallHung) {
    return {
      observed: error.message,
      leadsTo: error.blocked
        ? 'One such request stops every other one that the process serves.'
        : 'The visitor waits for good, and each such request keeps its memory.',
    };
  }
  if (error instanceof ProcessEnded) {
    const output = error.output.trim();
    return {
      observed: error.message,
      leadsTo: 'Every visitor of that process loses the page they were waiting for.',
      ...(output ? { output } : {}),
    };
  }
  if (error instanceof CallFailed)
    return { observed: shorten(error.message), output: shorten(error.remote.stack, 2_000) };
  throw error;
}

function skipped({ id, title, expected, hint }: Check, observed: string): CheckVerdict {
  return { id, title, passed: false, expected, observed, hint, skipped: true };
}

/** What the learner's code throws or returns can be of any length. */
function shorten(text: string, most = 600): string {
  return text.length > most ? `${text.slice(0, most - 3)}...` : text;
}
