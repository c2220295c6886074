import { $, type ProcessOutput } from 'zx';
import { root } from './root.ts';

/** One command of the test run. */
export interface Step {
  name: string;
  command: string[];
  env?: NodeJS.ProcessEnv;
}

/**
 * Runs a tool of the workspace. Its lines are shown as they come when `live`, else only when it fails.
 * @returns whether it exited with 0
 */
export async function runStep({ name, command, env }: Step, live: boolean): Promise<boolean> {
  const startedAt = performance.now();
  if (live) console.log(`\n--- ${name}`);
  const output: ProcessOutput = await $({
    cwd: root,
    nothrow: true,
    verbose: false,
    quiet: true,
    stdio: live ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    // The pinned pnpm is in node_modules/.bin, where turbo looks for it.
    env: { ...process.env, PATH: `${root}/node_modules/.bin:${process.env['PATH'] ?? ''}`, ...env },
  })`${command}`;
  const passed = output.exitCode === 0;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${passed ? 'ok  ' : 'FAIL'}  ${name} (${seconds} s)`);
  if (!passed && !live) console.log(output.stdall.trimEnd());
  return passed;
}
