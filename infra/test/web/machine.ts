import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import type { SetupValues } from '../../lib/web/user-data.ts';
import { setupScript } from '../../lib/web/user-data.ts';

const run = promisify(execFile);

/** Why no machine can be made here; undefined where one can. It takes a root file system of its own, which only root may make, on Linux. */
export const noMachine: string | undefined =
  process.platform !== 'linux' || process.getuid?.() !== 0
    ? 'root on Linux is needed'
    : await run('unshare', ['--mount', 'true']).then(
        () => undefined,
        () => 'this root may not make a file system of its own',
      );

export interface MachineOptions {
  readonly values: SetupValues;
  /** What the machine and its programs find in their environment beside what the script gives them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Files that are in S3, by bucket and key. */
  readonly bucket: Readonly<Record<string, string>>;
  /** Files that the machine finds in its folder `/machine`, by name. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface Machine {
  /** The setup's exit code. */
  readonly code: number;
  /** All that the setup said. */
  readonly output: string;
  /** What CloudFormation was told, option by option. */
  readonly signal: Readonly<Record<string, string>>;
  readonly isOff: boolean;
  /** Each process that ran when the setup had ended: its user and its command. */
  readonly processes: readonly string[];
  /** Files of the site that others than root may change. */
  readonly changeable: readonly string[];
}

/** Boots a machine that runs the setup script with these values, and waits until that has ended. The machine goes with the test. */
export async function bootMachine({
  values,
  environment,
  bucket,
  files = {},
}: MachineOptions): Promise<Machine> {
  const folder = await mkdtemp(path.join(tmpdir(), 'machine-'));
  const put = (name: string, text: string) => writeFile(path.join(folder, name), text, { mode: 0o644 });
  const stubs = fileURLToPath(new URL('machine', import.meta.url));
  await cp(stubs, path.join(folder, 'stubs'), { recursive: true });
  await cp(process.execPath, path.join(folder, 'node'));
  await put('user-data.sh', setupScript(values));
  await put(
    'environment',
    Object.entries(environment)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  await put('journal', '');
  for (const [name, text] of Object.entries(files)) await put(name, text);
  for (const [key, file] of Object.entries(bucket)) {
    const target = path.join(folder, 'bucket', key);
    await mkdir(path.dirname(target), { recursive: true });
    await cp(file, target);
  }
  // mkdtemp's is for root alone; the site's user reads files of it.
  await run('chmod', ['755', folder]);
  const args = [
    '--mount',
    '--propagation',
    'private',
    '--pid',
    '--fork',
    '--kill-child',
    'bash',
    path.join(stubs, 'boot.sh'),
    folder,
  ];
  const child = spawn('unshare', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let trouble = '';
  child.stderr.on('data', (chunk) => (trouble += String(chunk)));
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.stdin.end();
    await ended;
    await rm(folder, { recursive: true });
  });
  const code = await exitCodeIn(child.stdout);
  const textOf = (name: string) => readFile(path.join(folder, name), 'utf8').catch(() => '');
  if (code === undefined) throw new Error(`The machine did not boot: ${trouble}`);
  const linesOf = async (name: string) => (await textOf(name)).split('\n').filter(Boolean);
  return {
    code,
    output: await textOf('output'),
    signal: pairs((await textOf('signal')).trimEnd().split('\n')),
    isOff: (await readFile(path.join(folder, 'powered-off')).catch(() => undefined)) !== undefined,
    processes: await linesOf('processes'),
    changeable: await linesOf('changeable'),
  };
}

/** Undefined where it never came to that. */
async function exitCodeIn(output: NodeJS.ReadableStream): Promise<number | undefined> {
  for await (const line of createInterface({ input: output })) {
    const [, code] = /^ended (\d+)$/.exec(line) ?? [];
    if (code !== undefined) return Number(code);
  }
  return undefined;
}

/** `--stack`, `Site`, `--resource`, … as an object. */
function pairs(args: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    args.flatMap((name, index) => (index % 2 === 0 ? [[name, args[index + 1] ?? '']] : [])),
  );
}
