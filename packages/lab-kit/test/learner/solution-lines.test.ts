import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findSolutionLines } from '../../src/learner/solution-lines.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'solution-'));
  await writeFile(join(folder, 'cache.ts'), 'a {\n  b\n}\nc {\n}\n');
});
afterEach(async () => await rm(folder, { recursive: true }));

test.each([
  [
    { from: 'a {', to: '}' },
    { first: 1, lines: ['a {', '  b', '}'] },
  ],
  [
    { from: 'c', to: '}' },
    { first: 4, lines: ['c {', '}'] },
  ],
  [
    { from: 'b', to: 'b' },
    { first: 2, lines: ['  b'] },
  ],
  [{ from: 'x', to: '}' }, undefined],
  [{ from: 'c', to: 'a' }, undefined],
])('%j', async (ends, expected) => {
  expect(await findSolutionLines(folder, { file: 'cache.ts', ...ends })).toEqual(expected);
});

test('a file that is not there has no lines', async () => {
  expect(await findSolutionLines(folder, { file: 'none.ts', from: 'a', to: 'a' })).toBeUndefined();
});
