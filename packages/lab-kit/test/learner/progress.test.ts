import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noteStarted, noteVerdict, readProgress } from '../../src/learner/progress.ts';
import type { Verdict } from '../../src/verdict.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'progress-'));
  file = join(folder, 'state/progress.json');
});
afterEach(async () => await rm(folder, { recursive: true }));

const noon = new Date('2026-03-01T12:00:00Z');
const later = new Date('2026-03-02T12:00:00Z');

function verdict(passed: boolean): Verdict {
  const check = { id: 'hit', title: '', passed, expected: '', observed: '', hint: '' };
  return { lab: '02', passed, durationMs: 1, checks: [check], transcript: [] };
}

test('it keeps when a lab was started, verified and first passed', async () => {
  await noteStarted(file, '02', noon);
  await noteStarted(file, '02', later);
  await noteVerdict(file, verdict(true), noon);
  await noteVerdict(file, verdict(false), later);
  expect((await readProgress(file)).progress.labs['02']).toEqual({
    startedAt: noon.toISOString(),
    passedAt: noon.toISOString(),
    lastVerifiedAt: later.toISOString(),
    checks: { hit: false },
  });
  expect(await readdir(join(folder, 'state'))).toEqual(['progress.json']);
});

test('no file is no progress', async () => {
  expect(await readProgress(file)).toEqual({ progress: { version: 1, labs: {} } });
});

test('a damaged file is put aside, not lost', async () => {
  await noteStarted(file, '01', noon);
  await writeFile(file, '{ half a');
  expect(await readProgress(file)).toMatchObject({ damaged: `${file}.damaged` });
  await noteStarted(file, '02', later);
  expect(await readFile(`${file}.damaged`, 'utf8')).toBe('{ half a');
  expect(Object.keys((await readProgress(file)).progress.labs)).toEqual(['02']);
});

test.each([
  [
    'another version',
    { version: 9, labs: { '01': { startedAt: noon.toISOString(), colour: 'red' } } },
    { startedAt: noon.toISOString(), checks: {} },
  ],
  [
    'wrong types',
    { labs: { '01': { startedAt: 7, passedAt: 'never', checks: { a: 'yes', b: true } } } },
    { checks: { a: false, b: true } },
  ],
])('it takes what it understands of %s', async (_name, content, expected) => {
  await noteStarted(file, '01', noon);
  await writeFile(file, JSON.stringify(content));
  expect((await readProgress(file)).progress.labs['01']).toEqual(expected);
});
