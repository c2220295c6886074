import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openEngineFolder } from '../src/engine-folder.ts';

let stateDir: string;
let home: string;
beforeEach(async () => {
  stateDir = await mkdtemp(path.join(tmpdir(), 'folder-test-'));
  home = await mkdtemp(path.join(tmpdir(), 'home-test-'));
  vi.stubEnv('HOME', home);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const folder of [stateDir, home]) await rm(folder, { recursive: true });
});

const modeOf = async (folder: string) => (await stat(folder)).mode & 0o777;

test('a folder of its own is private, however the state folder is', async () => {
  await chmod(stateDir, 0o755);
  const folder = await openEngineFolder(stateDir);
  expect(folder).toBe(path.join(stateDir, 'engines'));
  expect([await modeOf(folder), await modeOf(stateDir)]).toEqual([0o700, 0o755]);
  await chmod(folder, 0o755);
  await openEngineFolder(stateDir);
  expect(await modeOf(folder)).toBe(0o700);
});

test('where no permissions are kept, the engines live in the home folder, and a line says so', async () => {
  const lines: string[] = [];
  const keepsModes = async (folder: string) => !folder.startsWith(stateDir);
  const folder = await openEngineFolder(stateDir, { progress: (line) => lines.push(line), keepsModes });
  expect(path.dirname(folder)).toBe(path.join(home, '.local', 'state', 'caching-workshop'));
  expect(await openEngineFolder(stateDir, { keepsModes })).toBe(folder);
  expect(lines).toEqual([
    `${stateDir} is on a file system without permissions, so the engines' data is kept in ${folder}.`,
  ]);
  await expect(openEngineFolder(stateDir, { keepsModes: async () => false })).rejects.toMatchObject({
    code: 'folder',
  });
});

test("somebody else's folder of that name is left alone", async () => {
  const theirs = path.join(stateDir, 'engines');
  await mkdir(theirs, { mode: 0o755 });
  await writeFile(path.join(theirs, 'diesel.txt'), '');
  await expect(openEngineFolder(stateDir)).rejects.toMatchObject({
    code: 'folder',
    message: `${theirs} holds files that are not the workshop's. Set WORKSHOP_STATE to another folder, or move them away.`,
  });
  expect([await modeOf(theirs), await readdir(theirs)]).toEqual([0o755, ['diesel.txt']]);
});

test('a state folder that is a file is said to be no folder', async () => {
  const file = path.join(stateDir, 'file');
  await writeFile(file, '');
  await expect(openEngineFolder(file)).rejects.toMatchObject({
    code: 'folder',
    message: `The state folder ${file} is not a folder. Mend that, or set WORKSHOP_STATE to another folder.`,
  });
});
