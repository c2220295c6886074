import { noteSkipped, readProgress, startWork } from '@workshop/lab-kit';
import { introduce, type StartOptions } from './lab-start.ts';
import { findLab, here, labNumbers, type Place } from './labs.ts';
import { noted } from './report-error.ts';

/** `pnpm lab:goto NN`: on to a later lab, from its starter. Everybody's work stays where it is. */
export async function goto(
  number: string | undefined,
  { noDemo }: StartOptions,
  place: Place = here(),
): Promise<number> {
  const found = await findLab(number, place.labs);
  const isNew = await startWork(found.folders);
  const before = (await labNumbers(place.labs)).filter((id) => id < found.lab.id);
  await noted(noteSkipped(place.progress, before, found.lab.id, new Date()));
  await introduce(found, isNew, noDemo);
  const { labs } = (await readProgress(place.progress)).progress;
  const skipped = before.filter((id) => !labs[id]?.passedAt);
  if (skipped.length > 0) console.log(`\nSkipped: ${skipped.join(', ')}. Your work there stays.`);
  return 0;
}
