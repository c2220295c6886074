import { noteReplaced, replaceWork } from '@workshop/lab-kit';
import { chosenLab, here, type FoundLab, type Place } from './labs.ts';
import { noted } from './report-error.ts';
import { fitted, lookHere, show } from './say.ts';

/** `pnpm lab:reset [NN]`: the starter in the place of the learner's work. */
export async function reset(number: string | undefined, place: Place = here()): Promise<number> {
  const found = await chosenLab(number, place);
  console.log(await replaceBy('starter', found, place));
  return 0;
}

/** `pnpm lab:solve [NN]`: the reference solution in the place of the learner's work. */
export async function solve(number: string | undefined, place: Place = here()): Promise<number> {
  const found = await chosenLab(number, place);
  console.log(await replaceBy('solution', found, place));
  return 0;
}

/** @returns what was done, and where the old work is */
export async function replaceBy(
  by: 'starter' | 'solution',
  { lab, folders }: FoundLab,
  { progress, kept: keptRoot }: Place,
): Promise<string> {
  const { kept, wasLink } = await replaceWork(folders, folders[by], keptRoot, new Date());
  const old = wasLink
    ? `${show(folders.work)} was a link; what you had stays in ${kept}.`
    : kept
      ? `What you had is kept in ${show(kept)}.`
      : 'There was no work to keep.';
  const work = show(folders.work);
  const done =
    by === 'starter'
      ? `Lab ${lab.id} starts over in ${work}.`
      : `${work} holds the solution of lab ${lab.id} now. Its comments give the reasons.`;
  await noted(noteReplaced(progress, lab.id, by, new Date()));
  return fitted(`${done}\n${old}`, lookHere());
}
