import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFolder } from '../../src/learner/checked-folder.ts';
import { FolderError } from '../../src/learner/folder-error.ts';
import { storeFile } from '../../src/learner/paths.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'checked-'));
  await mkdir(join(root, 'labs/02-cache-aside/starter'), { recursive: true });
  await writeFile(join(root, 'labs/02-cache-aside/starter', storeFile), 'starter');
});
afterEach(async () => await rm(root, { recursive: true }));

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

test('so is a folder in the labs that is a link to elsewhere', async () => {
  const labs = join(root, 'labs');
  const link = join(labs, '02-cache-aside/work');
  await mkdir(join(root, 'elsewhere'));
  await writeFile(join(root, 'elsewhere', storeFile), 'mine');
  await symlink(join(root, 'elsewhere'), link);
  const checked = await openFolder(link, labs);
  expect(checked.entry.startsWith(join(labs, '.checked'))).toBe(true);
  expect(checked.rename(`at ${checked.entry}:1`)).toBe(`at ${join(link, storeFile)}:1`);
  await checked.dispose();
});

test.each([
  ['nowhere', 'There is no folder'],
  [join('02-cache-aside', 'starter', storeFile), 'is a file'],
  ['02-cache-aside', `holds no ${storeFile}`],
])('a folder that can not be checked is named: %s', async (path, message) => {
  const error = await openFolder(join(root, 'labs', path), root).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(FolderError);
  expect(String(error)).toContain(message);
});
