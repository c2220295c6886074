import { LabSession, type LabSessionOptions, type RunOptions } from './lab-session.ts';
import type { Verdict } from './verdict.ts';

export interface RunLabOptions extends LabSessionOptions, RunOptions {}

/**
 * Runs a lab's checks against somebody's file, once.
 * @returns a verdict, also for code that does not load, ends its process or never returns
 * @throws only when the engines fail us, or when stopped by the signal
 */
export async function runLab(options: RunLabOptions): Promise<Verdict> {
  const session = new LabSession(options);
  try {
    return await session.run(options);
  } finally {
    await session.close();
  }
}
