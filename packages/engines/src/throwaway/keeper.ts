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
    ended) pid= ;;
  esac
done
if [ -n "$pid" ]; then kill -9 "$pid"; wait "$pid"; fi
rm -rf "$folder"
`;

/** A process that sees to it that a server and its folder are gone when this process is. It keeps nothing alive itself. */
export class Keeper {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: Interface;

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
    this.#child.unref();
    for (const pipe of [this.#child.stdin, this.#child.stdout]) (pipe as unknown as Socket).unref();
  }

  /** Starts the server. @returns its process number. @throws {EngineError} when there is no keeper any more. */
  async start(): Promise<number> {
    const output = this.#child.stdout as unknown as Socket;
    output.ref();
    try {
      const answer = once(this.#lines, 'line');
      const noAnswer = once(this.#lines, 'close').then(() => []);
      this.#child.stdin.write('start\n');
      const [line] = await Promise.race([answer, noAnswer]);
      if (!/^\d+$/.test(String(line))) {
        throw new EngineError('start-failed', 'The keeper of a throwaway server has ended before it.');
      }
      return Number(line);
    } finally {
      output.unref();
    }
  }

  /** The server has ended: its number must not be killed later. */
  ended(): void {
    this.#child.stdin.write('ended\n');
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
