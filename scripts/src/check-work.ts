import { sep } from 'node:path';
import { enginesUp } from '@workshop/engines';
import {
  lastSave,
  noteVerdict,
  openFolder,
  runLab,
  type CheckVerdict,
  type Verdict,
} from '@workshop/lab-kit';
import type { FoundLab, Place } from './labs.ts';
import { noted } from './report-error.ts';
import { root } from './root.ts';

/** Runs the checks of a lab on the learner's work and notes the verdict, with nothing said meanwhile. */
export async function checkWork({ lab, folders }: FoundLab, { labs, progress }: Place): Promise<Verdict> {
  const engines = await enginesUp({ onProgress: (line) => console.error(line) });
  const checked = await openFolder(folders.work, labs, lab.entry);
  try {
    const verdict = withNames(await runLab({ lab, entry: checked.entry, engines }), checked.rename);
    await noted(noteVerdict(progress, verdict, new Date(), await lastSave(folders.work)));
    return verdict;
  } finally {
    await checked.dispose();
  }
}

/** A verdict that names the learner's files as they know them: from the repository's folder, where commands run. */
export function withNames(verdict: Verdict, rename: (text: string) => string): Verdict {
  return { ...verdict, checks: verdict.checks.map((check) => checkWithNames(check, rename)) };
}

export function checkWithNames(check: CheckVerdict, rename: (text: string) => string): CheckVerdict {
  const known = (text: string) => rename(text).replaceAll(`${root}${sep}`, '');
  return {
    ...check,
    observed: known(check.observed),
    ...(check.output ? { output: known(check.output) } : {}),
  };
}
