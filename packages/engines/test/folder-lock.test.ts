import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withFolderLock } from '../src/folder-lock.ts';
import { identify } from '../src/process-identity.ts';
import { killHard, until } from './support.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lock-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('only one is at work at a time, and all get their turn', async () => {
  let inside = 0;
  const turns = Array.from({ length: 20 }, (_, index) =>
    withFolderLock(folder, async () => {
      inside += 1;
      await new Promise(setImmediate);
      expect(inside).toBe(1);
      inside -= 1;
      return index;
    }),
  );
  expect((await Promise.all(turns)).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 20 }, (_, index) => index),
  );
  // What is left is the last turn, released.
  expect(await readdir(folder)).toHaveLength(1);
});

test('work that fails gives the lock back', async () => {
  await expect(withFolderLock(folder, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withFolderLock(folder, async () => 'next')).toBe('next');
});

test('a holder that was killed is passed over; a living one is waited for, and named', async () => {
  const holder = spawn('sleep', ['1000']);
  const { pid, started } = (await identify(holder.pid!))!;
  await symlink(`${pid} ${started}`, path.join(folder, '7'));
  const waitedFor: number[] = [];
  const turn = withFolderLock(folder, async () => readdir(folder), {
    onWait: (other) => waitedFor.push(other),
  });
  await until(() => waitedFor.length > 0);
  expect(waitedFor).toEqual([pid]);
  await killHard(pid);
  expect(await turn).toEqual(['8']);
});

test('a process that has the number of a dead holder is not mistaken for it', async () => {
  await symlink(`${process.pid} another boot:1`, path.join(folder, '1'));
  expect(await withFolderLock(folder, async () => 'mine')).toBe('mine');
});

test('a holder that never finishes is named once the limit is over', async () => {
  await withFolderLock(folder, () =>
    expect(withFolderLock(folder, async () => {}, { limitMs: 0 })).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining(`pid ${process.pid}`),
    }),
  );
});
