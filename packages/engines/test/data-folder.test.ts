import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeState, query, type TestState } from './support.ts';

let state: TestState;
let dataDir: string;
beforeEach(async () => {
  state = await makeState();
  dataDir = path.join(state.stateDir, 'engines', 'mysql', 'data');
});
afterEach(() => state.remove());

test('a data folder that was left half made is put aside, and made anew', async () => {
  await mkdir(path.join(state.stateDir, 'engines', 'lock'), { recursive: true });
  await mkdir(dataDir, { recursive: true });
  await writeFile(path.join(dataDir, 'ibdata1'), 'the beginning of something');

  const { mysqlUrl } = await state.up();

  expect(await query(mysqlUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  const line = state.takeLines().find((said) => said.includes('half made'));
  const aside = (await readdir(path.dirname(dataDir))).find((name) => name.startsWith('data.half-made-'));
  expect(line).toBe(`${dataDir} was left half made; it is now ${aside}, and a new one is made.`);
  expect(await readdir(path.join(path.dirname(dataDir), aside!))).toEqual(['ibdata1']);
});

test("another brand's data, or a later version's, is left alone and said to be so", async () => {
  const { versions } = await state.up();
  await state.takeDown();
  const markFile = path.join(dataDir, 'workshop.json');
  const mark = JSON.parse(await readFile(markFile, 'utf8'));
  const before = await readdir(dataDir);
  const otherBrand = mark.brand === 'MySQL' ? 'MariaDB' : 'MySQL';
  for (const other of [
    { ...mark, brand: otherBrand },
    { ...mark, version: '99.0.0' },
  ]) {
    await writeFile(markFile, JSON.stringify(other));
    await expect(state.up()).rejects.toMatchObject({
      code: 'other-brand',
      message: expect.stringMatching(
        `${dataDir} was made by ${other.brand} ${other.version}, .* ${mark.brand} ${versions.mysql.split('-')[0]} .*pnpm services:reset`,
      ),
    });
  }
  expect(await readdir(dataDir)).toEqual(before);
  await writeFile(markFile, JSON.stringify(mark));
  await state.up();
});
