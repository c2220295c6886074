import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { enginesDown, enginesReset, enginesStatus, enginesUp, type Engines } from '../src/index.ts';
import { identify } from '../src/process-identity.ts';

/** What the tests' engines may know of the machine: no URL of somebody's, and no Docker. */
export const nativeEnv = { PATH: process.env['PATH'], HOME: process.env['HOME'], WORKSHOP_ENGINES: 'native' };

/** A state folder of a test's own, and the engines in it. */
export interface TestState {
  stateDir: string;
  /** Everything that was said by its commands, in order. */
  lines: string[];
  up: (options?: { cluster?: boolean; env?: NodeJS.ProcessEnv }) => Promise<Engines>;
  pids: () => Promise<Record<string, number | undefined>>;
  /** The lines said since the last call. */
  takeLines: () => string[];
  takeDown: () => Promise<void>;
  /** Ends the engines and leaves nothing. */
  remove: () => Promise<void>;
}

export async function makeState(...deeper: string[]): Promise<TestState> {
  const top = await mkdtemp(path.join(tmpdir(), 'engines-test-'));
  const stateDir = path.join(top, ...deeper);
  const lines: string[] = [];
  let taken = 0;
  const options = { stateDir, env: nativeEnv, onProgress: (line: string) => void lines.push(line) };
  return {
    stateDir,
    lines,
    up: (more = {}) => enginesUp({ ...options, ...more }),
    pids: async () => Object.fromEntries((await enginesStatus(options)).map(({ name, pid }) => [name, pid])),
    takeLines: () => lines.slice(taken, (taken = lines.length)),
    takeDown: async () => {
      await enginesDown(options);
    },
    remove: async () => {
      await enginesReset(options);
      await rm(top, { recursive: true, force: true });
    },
  };
}

/** The rows of one query, on a connection of its own. */
export async function query(url: string, sql: string): Promise<RowDataPacket[]> {
  const connection = await createConnection({ uri: url });
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return rows;
  } finally {
    await connection.end();
  }
}

/** Resolves when the condition holds; the test's own limit is what ends the waiting. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await delay(20);
}

/** Kills a process without any mercy, and waits until it is gone. */
export async function killHard(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await until(async () => !(await isAlive(pid)));
}

/** False for a zombie too: in a container, nobody may ever ask about those. */
export async function isAlive(pid: number): Promise<boolean> {
  return (await identify(pid)) !== undefined;
}

/** Takes a port of 127.0.0.1, as some other program would. */
export async function takePort(port: number): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

export const run = promisify(execFile);

/** Runs `test/programs/up.ts` in a process of its own. */
export function upElsewhere(stateDir: string, uid?: number) {
  const program = fileURLToPath(new URL('programs/up.ts', import.meta.url));
  const args = ['--import', 'tsx', program, stateDir, ...(uid === undefined ? [] : [String(uid)])];
  return run(process.execPath, args, { cwd: path.dirname(program) });
}
