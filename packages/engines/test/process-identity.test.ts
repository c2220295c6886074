import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { identify, isRunning, signal } from '../src/process-identity.ts';
import { killHard, run, until } from './support.ts';

test('a process has one identity while it lives, and none afterwards', async () => {
  const child = spawn('sleep', ['1000']);
  const identity = (await identify(child.pid!))!;
  expect(identity.pid).toBe(child.pid);
  expect(await identify(child.pid!)).toEqual(identity);
  expect(await isRunning(identity)).toBe(true);
  expect(await isRunning({ ...identity, started: 'earlier' })).toBe(false);
  await killHard(child.pid!);
  expect(await isRunning(identity)).toBe(false);
  expect(await signal(identity, 'SIGTERM')).toBe(false);
});

test('a signal reaches the very process only', async () => {
  const child = spawn('sleep', ['1000']);
  const identity = (await identify(child.pid!))!;
  expect(await signal({ ...identity, started: 'earlier' }, 'SIGKILL')).toBe(false);
  expect(await isRunning(identity)).toBe(true);
  expect(await signal(identity, 'SIGKILL')).toBe(true);
  await until(async () => !(await isRunning(identity)));
});

test('a zombie counts as ended, though its number is still taken', async () => {
  // The shell turns into a sleep, which never asks what became of the shell's child.
  const parent = spawn('sh', ['-c', 'exec 3<&0; (read line <&3) & echo $!; exec sleep 1000']);
  const zombie = await new Promise<number>((resolve) =>
    parent.stdout.once('data', (data) => resolve(Number(data))),
  );
  await until(async () =>
    (await run('ps', ['-o', 'args=', '-p', String(parent.pid)])).stdout.startsWith('sleep'),
  );
  parent.stdin.write('end\n');
  await until(async () => (await identify(zombie)) === undefined);
  expect(process.kill(zombie, 0)).toBe(true);
  parent.kill();
});
