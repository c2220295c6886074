import { enginesUp } from '@workshop/engines';
import { noteSkipped, startWork } from '@workshop/lab-kit';
import { onKeys, type KeyInput } from './keys.ts';
import { findLab, here, labNumbers, startedLab, type Place } from './labs.ts';
import { messageOf, noted } from './report-error.ts';
import { WatchedLab } from './watched-lab.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * `pnpm lab:watch [NN]`: checks the learner's work now and again at each save, until q or Ctrl-C. In a terminal, a key
 * does the rest.
 */
export async function watch(
  number: string | undefined,
  place: Place = here(),
  input: KeyInput = process.stdin,
  say: (text: string) => void = (text) => console.log(text),
): Promise<number> {
  const first = await startedLab(number, place);
  const engines = enginesUp({ onProgress: (line) => console.error(line) });
  const setting = { place, engines, say, hasKeys: Boolean(input.isTTY) };
  let watched = await WatchedLab.open(first, setting);
  let isSure = false;

  const goOn = async (wasSure: boolean): Promise<void> => {
    const ids = await labNumbers(place.labs);
    const next = ids[ids.indexOf(watched.id) + 1];
    if (next === undefined) return say('This is the last lab.');
    if (!watched.isDone && !wasSure) {
      isSure = true;
      return say(`Lab ${watched.id} is not done. Press n again to go on to lab ${next} all the same.`);
    }
    const found = await findLab(next, place.labs);
    await startWork(found.folders);
    await noted(noteSkipped(place.progress, ids.slice(0, ids.indexOf(next)), next, new Date()));
    await watched.close();
    watched = await WatchedLab.open(found, setting);
  };
  const act = async (key: string): Promise<void> => {
    const wasSure = isSure;
    isSure = false;
    if (key === 'h') await watched.hint();
    else if (key === 'd') await watched.diff();
    else if (key === 'r') await watched.reset();
    else if (key === 'n') await goOn(wasSure);
    else if (key === '\r' || key === ' ') watched.check();
  };

  let stop = () => {};
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  for (const signal of signals) process.once(signal, stop);
  // One after the other: a diff is not printed into a hint.
  let doing = Promise.resolve();
  const releaseKeys = onKeys(input, (key) => {
    // Ctrl-C and Ctrl-D, which a terminal that hands over each key no longer makes signals of.
    if (key === 'q' || key === '\u0003' || key === '\u0004') return stop();
    doing = doing.then(() => act(key)).catch((error: unknown) => say(messageOf(error)));
  });
  try {
    await stopped;
  } finally {
    for (const signal of signals) process.off(signal, stop);
    releaseKeys();
    await doing;
    await watched.close();
  }
  return 0;
}
