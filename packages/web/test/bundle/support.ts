import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, vi } from 'vitest';
import type { WrittenBundle } from '../../bundle/write-bundle.ts';
import { writeBundle } from '../../bundle/write-bundle.ts';

/** The bundle, in a folder with nothing around it, for all tests of a file. Call it at the top of the file. */
export function useBundle(): WrittenBundle {
  const bundle = { folder: '', files: 0, bytes: 0 };
  let home = '';
  beforeAll(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'web-bundle-'));
    Object.assign(bundle, await writeBundle(path.join(home, 'dist')));
  });
  afterAll(() => rm(home, { recursive: true }));
  return bundle;
}

export interface Program {
  readonly child: ChildProcess;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  readonly output: () => string;
  readonly errors: () => string;
}

/** Runs a program of the bundle with these variables and no others, from another folder than its own. It ends with the test. */
export function runProgram(
  { folder }: WrittenBundle,
  [file = '', ...args]: readonly string[],
  env: Record<string, string>,
): Program {
  const child = spawn(process.execPath, [path.join(folder, file), ...args], { cwd: tmpdir(), env });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, ended, output: () => output, errors: () => errors };
}

/** The address on which it listens, once it has said so as often as `times`. */
export async function addressOf(program: Program, times = 1): Promise<string> {
  await vi.waitFor(
    () => {
      const said = program.output().split('"listening"').length - 1;
      expect(said, program.errors() + program.output()).toBe(times);
    },
    { timeout: 25_000 },
  );
  return /"url":"([^"]+)"/.exec(program.output())?.[1] ?? '';
}
