import { readdir, readFile } from 'node:fs/promises';

/** Stands in the environment of the learner's process, and so in that of all it starts. */
export const strayMark = 'WORKSHOP_LEARNER';

/**
 * Ends what the learner's code started in a session of its own, where ending the process group does not reach. Told by
 * the mark in the environment, which only Linux shows; elsewhere such a process is left.
 */
export async function endStrays(mark: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const wanted = `${strayMark}=${mark}`;
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    // Gone meanwhile, or another user's: not ours to end.
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (!environment.split('\0').includes(wanted)) continue;
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // Gone meanwhile.
    }
  }
}
