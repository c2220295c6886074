import { CheckFailed } from './check-failed.ts';
import type { Check } from './lab.ts';
import type { LabRun } from './lab-run.ts';
import { CallFailed, CallHung, LoadFailed, ProcessEnded } from './sandbox/errors.ts';
import type { TranscriptLine } from './transcript.ts';
import type { CheckVerdict } from './verdict.ts';

export interface CheckResult {
  verdict: CheckVerdict;
  lines: readonly TranscriptLine[];
  /** It lost the process. */
  lost: boolean;
  /** The file could not be loaded, so no other check can say anything. */
  unusable: boolean;
}

/** @throws what is not the learner's doing */
export async function runCheck(run: LabRun, check: Check): Promise<CheckResult> {
  const { id, title, expected, hint } = check;
  let verdict: CheckVerdict;
  try {
    const observed = await run.check(check);
    verdict = { id, title, passed: true, expected, observed, hint };
  } catch (error) {
    verdict = { id, title, passed: false, expected, hint, ...explain(error) };
  }
  const { lines, lost, unusable } = run;
  return { verdict, lines, lost, unusable };
}

/** @throws what is not the learner's doing */
function explain(error: unknown): Partial<CheckVerdict> & { observed: string } {
  if (error instanceof CheckFailed) return { observed: shorten(error.message), ...error.details };
  if (error instanceof LoadFailed) {
    return {
      observed: error.message,
      hint: 'Nothing could be checked yet. Your editor shows the same place.',
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

/** What the learner's code throws or returns can be of any length. */
function shorten(text: string, most = 600): string {
  return text.length > most ? `${text.slice(0, most - 3)}...` : text;
}
