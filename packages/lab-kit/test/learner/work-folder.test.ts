import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FolderError, openFolder } from '../../src/learner/checked-folder.ts';
import { labFolders, storeFile } from '../../src/learner/paths.ts';
import { resetWork, startWork } from '../../src/learner/work-folder.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'work-'));
  await mkdir(folders().starter, { recursive: true });
  await writeFile(join(folders().starter, storeFile), 'starter');
});
afterEach(async () => await rm(root, { recursive: true }));

const folders = () => labFolders(root, { id: '02', name: 'cache-aside' });
const mine = () => join(folders().work, storeFile);
const now = new Date('2026-03-01T12:00:00.000Z');

test('starting copies the starter once', async () => {
  expect(await startWork(folders())).toBe(true);
  await writeFile(mine(), 'my work');
  expect(await startWork(folders())).toBe(false);
  expect(await readFile(mine(), 'utf8')).toBe('my work');
});

test('two starts at once leave one whole copy', async () => {
  const results = await Promise.all([startWork(folders()), startWork(folders()), startWork(folders())]);
  expect(results).toContain(true);
  expect(await readFile(mine(), 'utf8')).toBe('starter');
});

test('resetting keeps every earlier work, also within one second', async () => {
  const kept: (string | undefined)[] = [];
  for (const text of ['first', 'second']) {
    await startWork(folders());
    await writeFile(mine(), text);
    kept.push(await resetWork(folders(), join(root, 'kept'), now));
    expect(await readFile(mine(), 'utf8')).toBe('starter');
  }
  const texts = await Promise.all(kept.map(async (path) => await readFile(join(path!, storeFile), 'utf8')));
  expect(texts).toEqual(['first', 'second']);
});

test('resetting with nothing there starts', async () => {
  expect(await resetWork(folders(), join(root, 'kept'), now)).toBeUndefined();
  expect(await readFile(mine(), 'utf8')).toBe('starter');
});

test('a folder elsewhere is checked as a copy inside the labs, which is then gone', async () => {
  const labs = join(root, 'labs');
  const elsewhere = join(root, 'elsewhere');
  await mkdir(elsewhere);
  await writeFile(join(elsewhere, storeFile), 'mine');
  const checked = await openFolder(elsewhere, labs);
  expect(await readFile(checked.entry, 'utf8')).toBe('mine');
  expect(checked.entry.startsWith(labs)).toBe(true);
  expect(checked.rename(`at ${checked.entry}:1`)).toBe(`at ${join(elsewhere, storeFile)}:1`);
  await checked.dispose();
  await expect(readFile(checked.entry)).rejects.toThrow('ENOENT');
});

test.each([
  ['nowhere', 'There is no folder'],
  [join('02-cache-aside', 'starter', storeFile), 'is a file'],
  ['02-cache-aside', `holds no ${storeFile}`],
])('a folder that can not be checked is named: %s', async (path, message) => {
  const error = await openFolder(join(root, path), root).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(FolderError);
  expect(String(error)).toContain(message);
});
