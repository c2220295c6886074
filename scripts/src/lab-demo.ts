import type { Lab } from '@workshop/lab-kit';
import { openDemo, stopDemo } from './demo-process.ts';
import { here, startedLab, type Place } from './labs.ts';
import { UsageError } from './report-error.ts';

export interface DemoOptions {
  stop: boolean;
}

/** `pnpm lab:demo [NN]`: opens the demo on the learner's code, or has it serve another lab; `--stop` ends it. */
export async function demo(
  number: string | undefined,
  { stop }: DemoOptions,
  place: Place = here(),
): Promise<number> {
  if (stop) {
    console.log((await stopDemo()) ? 'The demo is stopped.' : 'No demo of a lab was running.');
    return 0;
  }
  const { lab } = await startedLab(number, place);
  if (!hasDemo(lab))
    throw new UsageError(`Lab ${lab.id} has no demo: what you build there is no article store.`);
  return (await openDemo(lab.id)) ? 0 : 1;
}

/** The demo searches articles. */
export function hasDemo(lab: Lab): boolean {
  return lab.harness === undefined && 'search' in lab.returns;
}
