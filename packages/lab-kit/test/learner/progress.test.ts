import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FolderError } from '../../src/learner/folder-error.ts';
import { readProgress } from '../../src/learner/progress-file.ts';
import {
  currentLab,
  nextLab,
  noteHint,
  noteReplaced,
  noteSkipped,
  noteStarted,
  noteVerdict,
} from '../../src/learner/progress.ts';
import type { LabProgress, Progress } from '../../src/learner/progress-format.ts';
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
const minutesPast = (minutes: number) => new Date(noon.getTime() + minutes * 60_000);

function verdict(passed: boolean, lab = '02'): Verdict {
  const check = { id: 'hit', title: '', passed, expected: '', observed: '', hint: '' };
  return { lab, passed, durationMs: 1, checks: [check], transcript: [] };
}

const lab = async (id: string): Promise<LabProgress | undefined> =>
  (await readProgress(file)).progress.labs[id];
const write = async (content: unknown) => {
  await mkdir(join(folder, 'state'), { recursive: true });
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
};

test('it keeps when a lab was started, verified and first passed', async () => {
  await noteStarted(file, '02', noon);
  await noteStarted(file, '02', later);
  await noteVerdict(file, verdict(true), noon);
  await noteVerdict(file, verdict(false), later);
  expect(await lab('02')).toEqual({
    startedAt: noon.toISOString(),
    passedAt: noon.toISOString(),
    lastVerifiedAt: later.toISOString(),
    checks: { hit: false },
  });
});

test('no file is no progress', async () => {
  expect(await readProgress(file)).toEqual({ progress: { version: 1, labs: {} } });
});

test('labs that are passed over are skipped, not passed', async () => {
  await noteVerdict(file, verdict(true, '01'), noon);
  await noteSkipped(file, ['01', '02'], '03', later);
  expect(await lab('01')).not.toHaveProperty('skippedAt');
  expect(await lab('02')).toEqual({ skippedAt: later.toISOString(), checks: {} });
  expect(await lab('03')).toMatchObject({ startedAt: later.toISOString() });
});

test('work that was replaced is judged anew', async () => {
  await noteVerdict(file, verdict(false), noon);
  await noteHint(file, '02', 'hit', 2, noon);
  await noteReplaced(file, '02', 'solution', later);
  expect(await lab('02')).toMatchObject({ checks: {}, solvedAt: later.toISOString() });
  expect(await lab('02')).not.toHaveProperty('hints');
  await noteReplaced(file, '02', 'starter', later);
  expect(await lab('02')).not.toHaveProperty('solvedAt');
});

describe('time spent', () => {
  test('is what lies between commands, and not the breaks', async () => {
    await noteStarted(file, '02', noon);
    await noteVerdict(file, verdict(false), minutesPast(5));
    await noteVerdict(file, verdict(false), minutesPast(65));
    await noteVerdict(file, verdict(true), minutesPast(75));
    expect((await lab('02'))?.spentMs).toBe(15 * 60_000);
  });

  test('counts up to a save and from there on', async () => {
    await noteStarted(file, '02', noon);
    await noteVerdict(file, verdict(true), minutesPast(28), minutesPast(14));
    expect((await lab('02'))?.spentMs).toBe(28 * 60_000);
  });

  test('counts no minute twice when two labs take turns', async () => {
    await noteStarted(file, '01', noon);
    await noteStarted(file, '02', minutesPast(2));
    await noteStarted(file, '01', minutesPast(5));
    await noteStarted(file, '02', minutesPast(6));
    expect([(await lab('01'))?.spentMs, (await lab('02'))?.spentMs]).toEqual([3 * 60_000, 3 * 60_000]);
  });

  test('is not less than nothing when the clock was set back', async () => {
    await noteStarted(file, '02', later);
    await noteStarted(file, '02', noon);
    await noteStarted(file, '02', minutesPast(1));
    expect((await lab('02'))?.spentMs).toBe(60_000);
  });
});

test('the lab somebody is at is the one of their last command, else the first open one', () => {
  const ids = ['01', '02', '03'];
  const at = (last: string): Progress => ({
    version: 1,
    labs: {},
    lastActive: { lab: last, at: '2026-01-01' },
  });
  const passed = { '01': { checks: {}, passedAt: '2026-01-01' } };
  expect(currentLab(at('02'), ids)).toBe('02');
  expect(currentLab(at('77'), ids)).toBe('01');
  expect(currentLab({ version: 1, labs: passed }, ids)).toBe('02');
  expect(nextLab({ version: 1, labs: passed }, ids, '01')).toBe('02');
  expect(nextLab({ version: 1, labs: {} }, ids, '03')).toBeUndefined();
});

test('what cannot be understood is kept beside, each time', async () => {
  await noteStarted(file, '01', noon);
  for (const damage of ['{ half a', '[1, 2]', '']) {
    await write(damage);
    expect(await readProgress(file)).toMatchObject({ damaged: true, progress: { labs: {} } });
    await noteStarted(file, '02', later);
    expect(Object.keys((await readProgress(file)).progress.labs)).toEqual(['02']);
  }
  const state = join(folder, 'state');
  const kept = (await readdir(state)).filter((name) => name.includes('damaged')).toSorted();
  const texts = await Promise.all(kept.map(async (name) => await readFile(join(state, name), 'utf8')));
  expect(texts).toEqual(['{ half a', '[1, 2]', '']);
});

test('a file of a newer version keeps what is not known here, also when it is written', async () => {
  const newer = {
    version: 9,
    team: 'blue',
    labs: {
      '01': { startedAt: noon.toISOString(), colour: 'red', checks: { a: true } },
      '77': { checks: {}, x: 1 },
    },
  };
  await write(newer);
  expect(await readProgress(file)).toEqual({ progress: newer });
  await noteVerdict(file, verdict(true), later);
  const written = JSON.parse(await readFile(file, 'utf8')) as typeof newer;
  expect(written).toMatchObject(newer);
  expect(await readdir(join(folder, 'state'))).not.toContain('progress.json.damaged');
});

test('a file of the first version, without the newer fields, is fine', async () => {
  await write({ version: 1, labs: { '01': { startedAt: noon.toISOString(), checks: { a: true } } } });
  expect((await readProgress(file)).damaged).toBeUndefined();
});

test('of wrong types the right ones are taken, and the file is kept', async () => {
  const wrong = {
    labs: { '01': { startedAt: 7, passedAt: 'never', checks: { a: true }, spentMs: -1 }, '02': 'done' },
  };
  await write(wrong);
  expect(await readProgress(file)).toEqual({
    damaged: true,
    progress: { version: 1, labs: { '01': { checks: { a: true } } } },
  });
  await noteStarted(file, '03', noon);
  expect(JSON.parse(await readFile(`${file}.damaged`, 'utf8'))).toEqual(wrong);
});

test('commands at once lose nothing', async () => {
  const ids = Array.from({ length: 20 }, (_unused, index) => String(index));
  await Promise.all(ids.map(async (id) => await noteStarted(file, id, noon)));
  expect(Object.keys((await readProgress(file)).progress.labs).toSorted()).toEqual(ids.toSorted());
});

test.each([
  [
    'a file is in the place of its folder',
    async () => await writeFile(join(folder, 'state'), ''),
    /state.*Move it away/,
  ],
  [
    'a folder is in its place',
    async () => await mkdir(file, { recursive: true }),
    /progress\.json is a folder/,
  ],
])('a write that is refused says what to do: %s', async (_name, prepare, message) => {
  await prepare();
  const error = await noteStarted(file, '01', noon).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(FolderError);
  expect(String(error)).toMatch(message);
});
