import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { EngineError } from '../engine-error.ts';

/**
 * Starts the server when told, and outlives whoever told it: its input ends with the test process, however that dies, and then it
 * kills the server and removes the folder. Being the server's parent, it knows of it from the first moment on.
 * It is told of a server that has ended, since that one's number may be another process's by and by.
 */
const SCRIPT = `
umask 077; folder=$1; shift; pid=
while read -r word; do
  case $word in
    start) "$@" </dev/null >>"$folder/server.log" 2>&1 & pid=$!; echo "$pid" ;;
    ended) [ -n "$pid" ] && wait "$pid"; pid=; echo ended ;;
  esac
done
if [ -n "$pid" ]; then kill -9 "$pid"; wait "$pid"; fi
rm -rf "$folder"
`;

/** A process that sees to it that a server and its folder are gone when this process is. It keeps nothing alive itself. */
export class Keeper {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: Interface;
  readonly #closed: Promise<undefined>;
  #lastAnswer: Promise<unknown> = Promise.resolve();

  constructor(folder: string, command: readonly string[]) {
    this.#child = spawn('/bin/sh', ['-c', SCRIPT, 'keeper', folder, ...command], {
      cwd: folder,
      // A session of its own: Ctrl-C in the terminal is for the test process, whose end is what counts here.
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' },
    });
    // A keeper that was killed cannot be written to; then there is nothing left to tell it.
    this.#child.stdin.on('error', () => {});
    this.#lines = createInterface({ input: this.#child.stdout });
    this.#closed = once(this.#lines, 'close').then(() => undefined);
    this.#child.unref();
    for (const pipe of [this.#child.stdin, this.#child.stdout]) (pipe as unknown as Socket).unref();
  }

  /** Starts the server. @returns its process number. @throws {EngineError} when there is no keeper any more. */
  async start(): Promise<number> {
    const line = await this.#tell('start');
    if (line !== undefined) return Number(line);
    throw new EngineError('start-failed', 'The keeper of a throwaway server has ended before it.');
  }

  /**
   * The server has ended: its number must not be killed later. Resolves once nothing of it is left, which only its parent can
   * know: its first thread may be gone while another still holds the port.
   */
  async ended(): Promise<void> {
    await this.#tell('ended');
  }

  /** Says a word and gives the answer to it; undefined when there is no keeper any more. One word at a time. */
  #tell(word: 'start' | 'ended'): Promise<string | undefined> {
    const answer = this.#lastAnswer.then(async () => {
      const output = this.#child.stdout as unknown as Socket;
      output.ref();
      const line = once(this.#lines, 'line').then(([text]) => String(text));
      this.#child.stdin.write(`${word}\n`);
      try {
        return await Promise.race([line, this.#closed]);
      } finally {
        output.unref();
      }
    });
    this.#lastAnswer = answer;
    return answer;
  }

  /** Kills the server if it runs, and removes its folder. Resolves once both are gone. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.ref();
    const exit = once(this.#child, 'exit');
    this.#child.stdin.end();
    await exit;
  }
}
