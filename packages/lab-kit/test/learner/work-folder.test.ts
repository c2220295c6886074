import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FolderError, writing } from '../../src/learner/folder-error.ts';
import { labFolders, storeFile } from '../../src/learner/paths.ts';
import { lastSave, replaceWork, startWork } from '../../src/learner/work-folder.ts';

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'work-')));
  for (const [folder, text] of [
    [folders().starter, 'starter'],
    [folders().solution, 'solution'],
  ] as const) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, storeFile), text);
  }
});
afterEach(async () => await rm(root, { recursive: true }));

const folders = () => labFolders(join(root, 'labs'), { id: '02', name: 'cache-aside' });
const mine = () => join(folders().work, storeFile);
const kept = () => join(root, 'kept');
const now = new Date('2026-03-01T12:00:00.000Z');
const read = async (folder: string | undefined) => await readFile(join(folder ?? '', storeFile), 'utf8');
const reset = async () => await replaceWork(folders(), folders().starter, kept(), now);
const solve = async () => await replaceWork(folders(), folders().solution, kept(), now);

/** The text of every work there is, in place and kept. */
async function allWork(): Promise<string[]> {
  const stamps = await readdir(join(kept(), '02-cache-aside')).catch(() => []);
  const places = [folders().work, ...stamps.map((stamp) => join(kept(), '02-cache-aside', stamp))];
  return await Promise.all(places.map(async (place) => await read(place).catch(() => 'none')));
}

describe('starting', () => {
  test('copies the starter once', async () => {
    expect(await startWork(folders())).toBe(true);
    await writeFile(mine(), 'my work');
    expect(await startWork(folders())).toBe(false);
    expect(await read(folders().work)).toBe('my work');
  });

  test('two at once leave one whole copy, and nothing aside', async () => {
    const results = await Promise.all([startWork(folders()), startWork(folders()), startWork(folders())]);
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await read(folders().work)).toBe('starter');
    expect((await readdir(folders().root)).toSorted()).toEqual(['solution', 'starter', 'work']);
  });

  test('an empty folder is filled', async () => {
    await mkdir(folders().work);
    expect(await startWork(folders())).toBe(true);
    expect(await read(folders().work)).toBe('starter');
  });
});

describe('replacing', () => {
  test('keeps every earlier work, also within one second', async () => {
    await startWork(folders());
    await writeFile(mine(), 'first');
    const first = await solve();
    expect(await read(folders().work)).toBe('solution');
    await writeFile(mine(), 'second');
    const second = await reset();
    expect(await read(folders().work)).toBe('starter');
    expect([await read(first.kept), await read(second.kept)]).toEqual(['first', 'second']);
  });

  test('with nothing there starts', async () => {
    expect(await reset()).toEqual({});
    expect(await read(folders().work)).toBe('starter');
  });

  test('at once loses nothing', async () => {
    await startWork(folders());
    await writeFile(mine(), 'my work');
    await Promise.all([reset(), solve(), reset(), solve()]);
    expect(await allWork()).toContain('my work');
    expect(['starter', 'solution']).toContain(await read(folders().work));
  });

  test('killed at any moment, the work is in place or kept', async () => {
    const program = fileURLToPath(new URL('programs/replace-until-killed.ts', import.meta.url));
    for (let round = 0; round < 6; round++) {
      await rm(folders().work, { recursive: true, force: true });
      await startWork(folders());
      await writeFile(mine(), `work ${round}`);
      const child = fork(program, [folders().root, kept()], { execArgv: ['--import', 'tsx'] });
      // It replaces the work without end; each message is one replacement.
      for (let replaced = 0; replaced <= round; replaced++) await once(child, 'message');
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(await allWork()).toContain(`work ${round}`);
      expect(await startWork(folders())).toBeTypeOf('boolean');
      expect(['starter', 'solution']).toContain(await read(folders().work));
    }
  });

  test('leaves what a link leads to where it is', async () => {
    const elsewhere = join(root, 'elsewhere');
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, storeFile), 'my work');
    await symlink(elsewhere, folders().work);
    expect(await startWork(folders())).toBe(false);
    expect(await solve()).toEqual({ kept: elsewhere, wasLink: true });
    expect(await read(elsewhere)).toBe('my work');
    expect(await read(folders().work)).toBe('solution');
  });
});

describe('a folder that cannot be used is named, and nothing is touched', () => {
  test.each([
    ['is a file', async () => await writeFile(folders().work, 'notes')],
    ['leads to no folder', async () => await symlink(join(root, 'nowhere'), folders().work)],
  ])('work %s', async (message, prepare) => {
    await prepare();
    for (const command of [async () => await startWork(folders()), reset, solve]) {
      const error = await command().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(FolderError);
      expect(String(error)).toContain(message);
    }
    expect(await readdir(folders().root)).toContain('work');
  });

  test('the kept ones have no room', async () => {
    await startWork(folders());
    await writeFile(mine(), 'my work');
    await writeFile(kept(), 'a file');
    await expect(solve()).rejects.toThrow(/kept.*Move it away/);
    expect(await read(folders().work)).toBe('my work');
    expect((await readdir(folders().root)).toSorted()).toEqual(['solution', 'starter', 'work']);
  });

  test.each([
    ['EROFS', 'read-only'],
    ['ENOSPC', 'the disk is full'],
    ['EACCES', 'this user may not write there'],
  ])('%s', async (code, message) => {
    const refused = writing(
      '/x/work',
      async () => await Promise.reject(Object.assign(new Error(code), { code })),
    );
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toThrow('/x/work');
  });
});

test('the last save is that of the newest file, libraries aside', async () => {
  expect(await lastSave(folders().work)).toBeUndefined();
  const before = Date.now();
  await startWork(folders());
  await writeFile(mine(), 'now');
  expect((await lastSave(folders().work))?.getTime()).toBeGreaterThanOrEqual(before - 1);
});
