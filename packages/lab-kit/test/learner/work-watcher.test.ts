import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WorkWatcher } from '../../src/learner/work-watcher.ts';

let root: string;
let work: string;
let watcher: WorkWatcher | undefined;
let saves = 0;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'watch-'));
  work = join(root, 'work');
  await mkdir(work);
  await writeFile(join(work, 'article-store.ts'), 'one');
  saves = 0;
});
afterEach(async () => {
  watcher?.close();
  await rm(root, { recursive: true });
});

const start = async () => (watcher = await WorkWatcher.start(work, () => (saves += 1)));
/** Generous: it only says that a save was never told. */
const isTold = async (count: number) =>
  await vi.waitUntil(() => saves >= count, { timeout: 20_000, interval: 10 });
const save = async (name: string, text: string) => await writeFile(join(work, name), text);

test('each way in which editors save is told', async () => {
  await start();
  await save('article-store.ts', 'written over');
  await isTold(1);
  await writeFile(join(root, 'draft'), 'renamed into place');
  await rename(join(root, 'draft'), join(work, 'article-store.ts'));
  await isTold(2);
  await save('cache.ts', 'a new file');
  await isTold(3);
  await rm(join(work, 'cache.ts'));
  await isTold(4);
});

test('folders are seen, also new ones', async () => {
  await start();
  await mkdir(join(work, 'lib'));
  await save('lib/codec.ts', 'one');
  await isTold(1);
  const before = saves;
  await save('lib/codec.ts', 'another');
  await isTold(before + 1);
});

test('work that was replaced as a whole is told, and watched on', async () => {
  await start();
  await mkdir(join(root, 'next'));
  await writeFile(join(root, 'next/article-store.ts'), 'from the starter');
  await rename(work, join(root, 'kept'));
  await rename(join(root, 'next'), work);
  await isTold(1);
  const before = saves;
  await save('article-store.ts', 'my next attempt');
  await isTold(before + 1);
});

test('work behind a link is watched', async () => {
  await rename(work, join(root, 'elsewhere'));
  await symlink(join(root, 'elsewhere'), work);
  await start();
  await writeFile(join(root, 'elsewhere/article-store.ts'), 'two');
  await isTold(1);
});

test("editors' drafts and other files of the lab say nothing", async () => {
  await start();
  await save('.article-store.ts.swp', 'draft');
  await save('article-store.ts~', 'draft');
  await writeFile(join(root, 'README.md'), 'guide');
  // In one step: a file that is written over may be seen empty on a busy machine, which is a change too.
  await writeFile(join(root, 'draft'), 'the save that is told');
  await rename(join(root, 'draft'), join(work, 'article-store.ts'));
  await isTold(1);
  expect(saves).toBe(1);
});
