import { readdirSync, readFileSync } from 'node:fs';

/** Stands in the environment of the learner's process, and so in that of all it starts. */
export const strayMark = 'WORKSHOP_LEARNER';

/**
 * Ends what the learner's code started in a session of its own, where ending the process group does not reach. Told by
 * the mark in the environment, which only Linux shows; elsewhere such a process is left.
 *
 * @param since `lastProcess()` of before its code ran
 */
export function endStrays(mark: string, since: number): void {
  if (process.platform !== 'linux') return;
  const wanted = `${strayMark}=${mark}`;
  // Numbers are given in order: what was started since has a higher one, unless they have begun again from the lowest.
  const above = lastProcess() >= since ? since : 0;
  // All at once: these files are in memory, and a hundred reads that take turns with the checks take ten times as long.
  for (const pid of readdirSync('/proc')) {
    if (!(Number(pid) > above) || Number(pid) === process.pid) continue;
    if (!environmentOf(pid).includes(wanted)) continue;
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // Gone meanwhile.
    }
  }
}

/** The number of the process that was started last on this machine. 0 where nothing tells. */
export function lastProcess(): number {
  if (process.platform !== 'linux') return 0;
  return Number(readFileSync('/proc/loadavg', 'latin1').trim().split(' ').at(-1));
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    // Gone meanwhile, or another user's: not ours to end.
    return [];
  }
}
