import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { isAlive, until } from '../support.ts';

const program = fileURLToPath(new URL('../programs/throwaway.ts', import.meta.url));

/** A process that has started a server, and where that one is. */
async function startElsewhere(how: 'wait' | 'stopped' | 'end') {
  const child = spawn(process.execPath, ['--import', 'tsx', program, how], {
    cwd: path.dirname(program),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, server: JSON.parse(line) as { pid: number; dataDir: string } };
}

const isThere = (folder: string) =>
  access(folder).then(
    () => true,
    () => false,
  );

test.each([
  ['wait', 'SIGKILL'],
  ['wait', 'SIGINT'],
  ['stopped', 'SIGKILL'],
] as const)('a server (%s) is gone, with its folder, after its process died of %s', async (how, name) => {
  const { child, server } = await startElsewhere(how);
  expect(await isAlive(server.pid)).toBe(true);
  child.kill(name);
  await until(async () => !(await isAlive(server.pid)) && !(await isThere(path.dirname(server.dataDir))));
});

test('a server that nobody stopped keeps no process from ending, and ends with it', async () => {
  const { child, server } = await startElsewhere('end');
  const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
  expect(code).toBe(0);
  await until(async () => !(await isAlive(server.pid)) && !(await isThere(path.dirname(server.dataDir))));
});
