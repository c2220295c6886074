import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface RunOptions {
  env?: NodeJS.ProcessEnv;
  /** Ends the command after so long; it then counts as failed. Without it, there is no limit. */
  timeoutMs?: number;
  /** Gets each line the command prints, as it comes. */
  onLine?: (line: string) => void;
}

export interface RunResult {
  /** The exit code; null when it could not be started, was ended by a signal, or ran out of time. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * How commands are run: a seam, so that what would be run on machines we do not have (dnf, brew, Docker)
 * can be tested to the word. Never rejects: a command that is not there has `code` null.
 */
export type Run = (command: string, args: readonly string[], options?: RunOptions) => Promise<RunResult>;

export const runCommand: Run = (command, args, options = {}) =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.env && { env: options.env }),
    });
    // Not spawn's own time-out, which is forgotten when a program is not there and then holds up the end of this process.
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => child.kill('SIGKILL'), options.timeoutMs);
    const finish = (result: RunResult) => {
      clearTimeout(timer);
      resolve(result);
    };
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      createInterface({ input: child[name] }).on('line', (line) => {
        output[name] += `${line}\n`;
        options.onLine?.(line);
      });
    }
    child.once('error', (error) => finish({ code: null, stdout: '', stderr: error.message }));
    child.once('close', (code) => finish({ code, ...output }));
  });
