import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { currentLab, nextLab, noteStarted, readProgress, startWork, storeFile } from '@workshop/lab-kit';
import { openDemo } from './demo-process.ts';
import { hasDemo } from './lab-demo.ts';
import { findLab, here, labNumbers, type FoundLab, type Place } from './labs.ts';
import { noted } from './report-error.ts';
import { facts, heading, lookHere, show } from './say.ts';

export interface StartOptions {
  /** Do not open the demo. */
  noDemo: boolean;
}

/** `pnpm lab:start [NN]`. Without a number: the lab the learner is at, or the next one when that is passed. */
export async function start(
  number: string | undefined,
  { noDemo }: StartOptions,
  place: Place = here(),
): Promise<number> {
  const found = await findLab(number ?? (await wantedLab(place)), place.labs);
  const isNew = await startWork(found.folders);
  await noted(noteStarted(place.progress, found.lab.id, new Date()));
  await introduce(found, isNew, noDemo);
  return 0;
}

async function wantedLab({ labs, progress: file }: Place): Promise<string | undefined> {
  const { progress } = await readProgress(file);
  const ids = await labNumbers(labs);
  const at = currentLab(progress, ids);
  return at !== undefined && progress.labs[at]?.passedAt ? (nextLab(progress, ids, at) ?? at) : at;
}

/** Says where to edit and what to do next, and opens the demo on the learner's code. */
export async function introduce({ lab, folders }: FoundLab, isNew: boolean, noDemo: boolean): Promise<void> {
  const look = lookHere();
  console.log(`${heading(lab, look)} (about ${lab.minutes} minutes)\n`);
  console.log(
    facts(
      [
        ['Edit', ...(await placesToEdit(folders.work, lab.entry))],
        ...(isNew ? [] : [['', '(your work was there, left as it is)'] as const]),
        ['Guide', show(folders.guide)],
        ['Check', `pnpm lab:verify ${lab.id}`, `pnpm lab:watch ${lab.id}   at each save`],
        ['Stuck?', `pnpm lab:hint ${lab.id}`],
      ],
      look,
    ),
  );
  if (!noDemo && hasDemo(lab)) await openDemo(lab.id);
}

/** The gaps that are marked, in their order and as an editor's terminal opens them; without any, the file. */
async function placesToEdit(work: string, entry = storeFile): Promise<string[]> {
  const names = (await readdir(work)).filter((name) => name.endsWith('.ts'));
  const gaps: { number: number; place: string }[] = [];
  for (const name of names) {
    const lines = (await readFile(join(work, name), 'utf8')).split('\n');
    lines.forEach((line, index) => {
      const number = Number(/\bGAP (\d+)/.exec(line)?.[1]);
      if (number) gaps.push({ number, place: `${show(join(work, name))}:${index + 1}  GAP ${number}` });
    });
  }
  const places = gaps.toSorted((a, b) => a.number - b.number).map(({ place }) => place);
  return places.length > 0 ? places : [show(join(work, entry))];
}
