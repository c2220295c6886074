import type { Run, RunOptions, RunResult } from '../src/run-command.ts';

export interface FakeRun {
  run: Run;
  /** Every command line that was run, in order. */
  commands: string[];
  /** What each was given besides. */
  options: (RunOptions | undefined)[];
}

/**
 * Stands for machines that we do not have: each command line is answered by the first answer whose beginning it has. One that
 * nobody answers is not installed.
 */
export function fakeRun(
  answers: Record<string, Partial<RunResult> | (() => Promise<Partial<RunResult>>)>,
): FakeRun {
  const commands: string[] = [];
  const options: (RunOptions | undefined)[] = [];
  return {
    commands,
    options,
    run: async (command, args, given) => {
      const line = [command, ...args].join(' ');
      commands.push(line);
      options.push(given);
      const known = Object.keys(answers).find((beginning) => line.startsWith(beginning));
      if (known === undefined) return { code: null, stdout: '', stderr: `spawn ${command} ENOENT` };
      const answer = answers[known]!;
      return { code: 0, stdout: '', stderr: '', ...(typeof answer === 'function' ? await answer() : answer) };
    },
  };
}
