import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A turn of the load generator. */
export interface Slice {
  readonly url: string;
  readonly callers: number;
  readonly ms: number;
}

/** A program of the benchmark in a process of its own, which says one thing when it is ready, or each time it is asked. */
export class Process implements AsyncDisposable {
  readonly #child: ChildProcess;

  constructor(file: string, env: Readonly<Record<string, string>> = {}) {
    this.#child = fork(fileURLToPath(new URL(file, import.meta.url)), {
      execArgv: ['--import', import.meta.resolve('tsx')],
      env: { ...process.env, ...env },
      // A log has to go somewhere, and the terminal is slow.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }

  async hear<T>(): Promise<T> {
    const ended = new AbortController();
    const end = once(this.#child, 'exit', { signal: ended.signal }).then(() => {
      throw new Error('A process of the benchmark has ended.');
    });
    try {
      const [said]: unknown[] = await Promise.race([
        once(this.#child, 'message', { signal: ended.signal }),
        end,
      ]);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own programs on both sides
      return said as T;
    } finally {
      ended.abort();
      end.catch(() => {});
    }
  }

  async ask<T>(what: Slice): Promise<T> {
    const answer = this.hear<T>();
    this.#child.send(what);
    return await answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}

export function tellParent(said: string | number): void {
  process.send?.(said);
}
