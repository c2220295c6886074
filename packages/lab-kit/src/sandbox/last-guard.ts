import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/**
 * Ends what is left of the learner's processes when this process ends without a word (SIGKILL): its input ends then.
 * A shell, since it starts in a millisecond and is in nobody's way.
 */
const script = `
while read -r sign pid; do
  case $sign in
    +) pids="$pids $pid" ;;
    -) left=; for each in $pids; do [ "$each" = "$pid" ] || left="$left $each"; done; pids=$left ;;
  esac
done
for pid in $pids; do kill -9 "-$pid"; done 2>/dev/null`;

let input: Writable | undefined;

/** @param pid of the leader of a process group */
export function guard(pid: number): void {
  input ??= start();
  input?.write(`+ ${pid}\n`);
}

/** It has ended: the number may soon be another's. */
export function unguard(pid: number): void {
  input?.write(`- ${pid}\n`);
}

function start(): Writable | undefined {
  // Windows has neither process groups nor this shell.
  if (process.platform === 'win32') return undefined;
  // In a group of its own: Ctrl-C is not for it.
  const shell = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  shell.on('error', () => {});
  shell.stdin.on('error', () => {});
  shell.unref();
  // A pipe to a child is a socket, which would keep this process alive.
  (shell.stdin as Writable & { unref(): void }).unref();
  return shell.stdin;
}
