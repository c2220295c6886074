import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { noteVerdict, readProgress } from '@workshop/lab-kit';
import { describe, expect, test, vi } from 'vitest';
import { checkWork } from '../src/check-work.ts';
import { diff } from '../src/lab-diff.ts';
import { goto } from '../src/lab-goto.ts';
import { hint } from '../src/lab-hint.ts';
import { reset, solve } from '../src/lab-reset.ts';
import { start } from '../src/lab-start.ts';
import { status } from '../src/lab-status.ts';
import { findLab } from '../src/labs.ts';
import { useOwnLabs } from './helpers/own-labs.ts';

const labs = useOwnLabs();
const noDemo = { noDemo: true };
const progress = async () => (await readProgress(labs.place.progress)).progress;
const verify = async (id: string) => await checkWork(await findLab(id, labs.place.labs), labs.place);

describe('lab:start', () => {
  test('makes the work and says where to edit', async () => {
    await start('1', noDemo, labs.place);
    expect(labs.printed()).toMatch(/01-small\/work\/article-store\.ts:4 {2}GAP 1/);
    expect(await labs.read('01-small', 'work')).toBe(await labs.read('01-small', 'starter'));
  });

  test('leaves work that is there', async () => {
    await labs.save('01-small', 'my', 'work');
    await start('01', noDemo, labs.place);
    expect(labs.printed()).toContain('left as it is');
    expect(await labs.read('01-small', 'work')).toContain("'my'");
  });

  test('without a number begins, stays, and goes on once the lab is passed', async () => {
    const startedLab = async () => {
      await start(undefined, noDemo, labs.place);
      return /Lab (\d\d)/.exec(labs.printed())?.[1];
    };
    expect(await startedLab()).toBe('01');
    expect(await startedLab()).toBe('01');
    await solve(undefined, labs.place);
    expect((await verify('01')).passed).toBe(true);
    labs.printed();
    expect(await startedLab()).toBe('02');
  });
});

describe('lab:hint', () => {
  test('tells one hint more each time, and all of them again', async () => {
    await start('01', noDemo, labs.place);
    labs.printed();
    const next = async (again = false) => {
      await hint(undefined, { again }, labs.place);
      return labs.printed();
    };
    expect(await next()).toMatch(/Fails now: two is right\n\nHint 1 of 3, a question:\n {2}What is two\?\n/);
    expect(await next()).toMatch(/Hint 2 of 3, where to look:\n {2}It is zwei\./);
    const third = await next();
    expect(third).toMatch(
      /solution\/article-store\.ts, from line 5\n\n {2}5 {6}async two\(\) \{ return 'zwei'; \},/,
    );
    expect(third).toContain('That was the last one');
    expect(await next()).toBe(third);
    expect((await next(true)).match(/Hint \d/g)).toEqual(['Hint 1', 'Hint 2', 'Hint 3']);
  });

  test('is for what fails now, not for what failed before the last save', async () => {
    await start('01', noDemo, labs.place);
    await verify('01');
    await labs.save('01-small', 'wrong', 'zwei');
    labs.printed();
    await hint(undefined, { again: false }, labs.place);
    expect(labs.printed()).toContain('Fails now: one is right');
    await labs.save('01-small', 'eins', 'zwei');
    await hint(undefined, { again: false }, labs.place);
    expect(labs.printed()).toContain('there is nothing to hint at');
  });

  test('needs work', async () => {
    await expect(hint('01', { again: false }, labs.place)).rejects.toThrow(
      'Lab 01 is not started. First: pnpm lab:start 01',
    );
  });
});

test('lab:diff shows yours and the solution, all files, spaces aside', async () => {
  await start('01', noDemo, labs.place);
  await writeFile(join(labs.place.labs, '01-small/work/extra.ts'), 'export const mine = 1;\n');
  labs.printed();
  await diff('01', labs.place);
  const text = labs.printed();
  expect(text).toContain("-    async two() { return 'two'; },\n+    async two() { return 'zwei'; },");
  expect(text).toContain('+++ not in the solution');
  await rm(join(labs.place.labs, '01-small/work/extra.ts'));
  await writeFile(
    join(labs.place.labs, '01-small/work/article-store.ts'),
    (await labs.read('01-small', 'solution')).replaceAll('    ', '\t'),
  );
  await diff('01', labs.place);
  expect(labs.printed()).toContain('is the solution of lab 01');
});

test('lab:solve and lab:reset keep what was there, and say where', async () => {
  await labs.save('01-small', 'my', 'work');
  await solve('01', labs.place);
  const kept = /kept in\s+(\S+)\.$/m.exec(labs.printed())?.[1] ?? '';
  expect(await readFile(join(process.cwd(), '..', kept, 'article-store.ts'), 'utf8')).toContain("'my'");
  expect(await labs.read('01-small', 'work')).toBe(await labs.read('01-small', 'solution'));
  await reset('01', labs.place);
  expect(await labs.read('01-small', 'work')).toBe(await labs.read('01-small', 'starter'));
  expect(await readdir(join(labs.place.kept, '01-small'))).toHaveLength(2);
});

test('what was done is said, also when it cannot be noted', async () => {
  await labs.save('01-small', 'my', 'work');
  await mkdir(labs.place.progress, { recursive: true });
  const complaint = vi.spyOn(console, 'error').mockImplementation(() => {});
  await solve('01', labs.place);
  expect(labs.printed()).toContain('What you had is kept in');
  expect(complaint).toHaveBeenCalledWith(expect.stringContaining('progress.json is a folder'));
});

describe('lab:goto and lab:status', () => {
  test('labs before are skipped, not passed, and their work stays', async () => {
    await labs.save('01-small', 'my', 'work');
    await goto('02', noDemo, labs.place);
    expect(labs.printed()).toContain('Skipped: 01. Your work there stays.');
    expect(await labs.read('01-small', 'work')).toContain("'my'");
    expect((await progress()).labs['01']).not.toHaveProperty('passedAt');
    await status(labs.place);
    expect(
      labs
        .printed()
        .split('\n')
        .slice(0, 2)
        .map((line) => line.trimEnd()),
    ).toEqual(['  01  The small lab  skipped', '> 02  The next lab   started']);
  });

  test('it tells what is next, and who passed a lab', async () => {
    await start('01', noDemo, labs.place);
    await verify('01');
    labs.printed();
    await status(labs.place);
    expect(labs.printed()).toMatch(
      /1 of 2 checks pass[^]*First to mend in lab 01: two is right\.\nNext: pnpm lab:watch 01/,
    );
    await solve('01', labs.place);
    await verify('01');
    labs.printed();
    await status(labs.place);
    expect(labs.printed()).toMatch(/done by the solution[^]*Next: pnpm lab:start 02/);
  });

  test('a damaged file is named, and nothing stops', async () => {
    await mkdir(dirname(labs.place.progress), { recursive: true });
    await writeFile(labs.place.progress, '{');
    await status(labs.place);
    await goto('02', noDemo, labs.place);
    expect(await readFile(`${labs.place.progress}.damaged`, 'utf8')).toBe('{');
  });

  test('without a lab it says which there are', async () => {
    await expect(goto(undefined, noDemo, labs.place)).rejects.toThrow('Which lab? There are: 01, 02.');
    await expect(goto('07', noDemo, labs.place)).rejects.toThrow('There is no lab 07. There are: 01, 02.');
  });
});

test('two commands at once: both are noted', async () => {
  await start('01', noDemo, labs.place);
  const verdict = await verify('01');
  await Promise.all([
    goto('02', noDemo, labs.place),
    noteVerdict(labs.place.progress, { ...verdict, lab: '01', passed: true }, new Date()),
  ]);
  const { labs: noted } = await progress();
  expect(noted['01']).toHaveProperty('passedAt');
  expect(noted['02']).toHaveProperty('startedAt');
});
