import type { Verdict } from '../verdict.ts';
import { changeProgress } from './progress-file.ts';
import type { LabProgress, Progress } from './progress-format.ts';

/** A longer silence is a break. */
const breakMs = 15 * 60_000;

export async function noteStarted(file: string, lab: string, now: Date): Promise<void> {
  await note(file, lab, now, (mine) => {
    mine.startedAt ??= now.toISOString();
  });
}

/** @param savedAt when the checked files were last saved */
export async function noteVerdict(file: string, verdict: Verdict, now: Date, savedAt?: Date): Promise<void> {
  await changeProgress(file, (progress) => {
    if (savedAt && savedAt < now && progress.lastActive?.lab === verdict.lab)
      countTime(progress, verdict.lab, savedAt);
    countTime(progress, verdict.lab, now);
    const mine = labProgress(progress, verdict.lab);
    mine.lastVerifiedAt = now.toISOString();
    if (verdict.passed) mine.passedAt ??= now.toISOString();
    mine.checks = Object.fromEntries(verdict.checks.map((check) => [check.id, check.passed]));
  });
}

/** The learner goes on to `lab`: those of `before` that they did not pass are marked. */
export async function noteSkipped(
  file: string,
  before: readonly string[],
  lab: string,
  now: Date,
): Promise<void> {
  await note(file, lab, now, (mine, progress) => {
    mine.startedAt ??= now.toISOString();
    for (const id of before) {
      const skipped = labProgress(progress, id);
      if (!skipped.passedAt) skipped.skippedAt ??= now.toISOString();
    }
  });
}

/** The work was replaced, by the starter or by the solution: what was known of the old one no longer holds. */
export async function noteReplaced(
  file: string,
  lab: string,
  by: 'starter' | 'solution',
  now: Date,
): Promise<void> {
  await note(file, lab, now, (mine) => {
    mine.startedAt ??= now.toISOString();
    // What the solution passed was not passed by them.
    if (isBySolution(mine)) delete mine.passedAt;
    mine.checks = {};
    delete mine.lastVerifiedAt;
    delete mine.hints;
    if (by === 'solution') mine.solvedAt = now.toISOString();
    else delete mine.solvedAt;
  });
}

/** Whether it was the reference solution that passed, in the place of the learner's work. */
export function isBySolution({ solvedAt, passedAt }: LabProgress): boolean {
  return solvedAt !== undefined && passedAt !== undefined && Date.parse(solvedAt) <= Date.parse(passedAt);
}

/** @param tiers how many hints of this check have been shown by now */
export async function noteHint(
  file: string,
  lab: string,
  check: string,
  tiers: number,
  now: Date,
): Promise<void> {
  await note(file, lab, now, (mine) => {
    mine.hints = { ...mine.hints, [check]: tiers };
  });
}

/** The lab the learner is at: that of their last command, else the first that is open. @param ids in order */
export function currentLab(progress: Progress, ids: readonly string[]): string | undefined {
  const last = progress.lastActive?.lab;
  if (last !== undefined && ids.includes(last)) return last;
  return ids.find((id) => isOpen(progress, id)) ?? ids.at(-1);
}

/** The first lab after this one that is neither passed nor skipped. */
export function nextLab(progress: Progress, ids: readonly string[], after: string): string | undefined {
  return ids.slice(ids.indexOf(after) + 1).find((id) => isOpen(progress, id));
}

function isOpen({ labs }: Progress, id: string): boolean {
  return !labs[id]?.passedAt && !labs[id]?.skippedAt;
}

async function note(
  file: string,
  lab: string,
  now: Date,
  change: (mine: LabProgress, progress: Progress) => void,
): Promise<void> {
  await changeProgress(file, (progress) => {
    countTime(progress, lab, now);
    change(labProgress(progress, lab), progress);
  });
}

/**
 * Time spent is an estimate from what is seen: the time from one command or save to the next counts for the lab that
 * the first of them was for. A gap of more than 15 minutes counts as nothing, so neither a night nor a long
 * think with the editor untouched is in it. No minute is counted twice.
 */
function countTime(progress: Progress, lab: string, now: Date): void {
  const { lastActive } = progress;
  if (lastActive) {
    const gap = now.getTime() - Date.parse(lastActive.at);
    const before = labProgress(progress, lastActive.lab);
    if (gap > 0 && gap <= breakMs) before.spentMs = (before.spentMs ?? 0) + gap;
  }
  progress.lastActive = { lab, at: now.toISOString() };
}

function labProgress(progress: Progress, lab: string): LabProgress {
  return (progress.labs[lab] ??= { checks: {} });
}
