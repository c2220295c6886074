import type { EngineContext } from './engine-context.ts';
import type { RunResult } from './run-command.ts';

const BEAT_MS = 5_000;

/** Runs a command that may take minutes, showing every few seconds what it last said. */
export function runWithBeats(
  command: string,
  args: readonly string[],
  { run, progress }: Pick<EngineContext, 'run' | 'progress'>,
  env: NodeJS.ProcessEnv,
): Promise<RunResult> {
  let lastBeat = performance.now();
  return run(command, args, {
    env,
    onLine: (line) => {
      if (performance.now() - lastBeat < BEAT_MS || line.trim() === '') return;
      lastBeat = performance.now();
      progress(`  ${line.trim().slice(0, 72)}`);
    },
  });
}

/** The line of a failed command's output that most likely says why. */
export function reasonOf({ stdout, stderr }: RunResult): string {
  const lines = `${stdout}\n${stderr}`
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.findLast((line) => /^(E|Error|fatal)\b/i.test(line)) ?? lines.at(-1) ?? 'it gave no reason';
}
