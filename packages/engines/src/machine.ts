import { access } from 'node:fs/promises';

/** What is true of this machine and of the terminal. */
export interface Machine {
  readonly isRoot: boolean;
  /** Whether somebody at a terminal can answer a question. */
  readonly canAsk: boolean;
  readonly hasSystemd: boolean;
}

export async function lookAtMachine(): Promise<Machine> {
  return {
    isRoot: process.getuid?.() === 0,
    canAsk: process.stdin.isTTY && process.stderr.isTTY,
    // As sd_booted(3) looks.
    hasSystemd: await access('/run/systemd/system').then(
      () => true,
      () => false,
    ),
  };
}
