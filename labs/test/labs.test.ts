import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultLanes, storeFile, type Check, type Lab, type Verdict } from '@workshop/lab-kit';
import { afterAll, describe, expect, inject, test } from 'vitest';
import type {} from '@workshop/engines/testing';
import { applyChanges } from '../change.ts';
import { labFolders, readFiles, starterFiles } from '../folders.ts';
import type { Mistake } from '../mistake.ts';
import { Sessions } from './sessions.ts';
import { starterFails } from './starter-fails.ts';

/** One lab alone: `LAB=03 npx vitest run` */
const only = process.env['LAB'] ?? '';
/**
 * `WHOLE=1`: a mistake meets every check, and the named one must be the first to fail. Else it meets those that come
 * before that one in its lane, with which it shares a process.
 */
const whole = process.env['WHOLE'] !== undefined;

const labsRoot = dirname(dirname(fileURLToPath(import.meta.url)));
const written = join(labsRoot, '.checked', `mistakes-${process.pid}`);
const engines = { mysqlUrl: inject('mysqlUrl'), redisUrl: inject('redisUrl') };

afterAll(async () => await rm(written, { recursive: true, force: true }));

for (const folder of (await labFolders(labsRoot)).filter((name) => name.startsWith(only))) {
  const root = join(labsRoot, folder);
  const { default: lab } = (await import(join(root, 'checks.ts'))) as { default: Lab };
  const entry = lab.entry ?? storeFile;
  const variants = await readdir(join(root, 'variants'));
  const mistakes = await readdir(join(root, 'mistakes'));

  describe(`lab ${folder}`, { concurrent: true }, () => {
    const sessions = new Sessions({ lab, engines });
    const lanes = new Sessions({ lab, engines, lanes: 1 });
    afterAll(async () => void (await Promise.all([sessions.close(), lanes.close()])));

    test('is named as its folder is', () => {
      expect(`${lab.id}-${lab.name}`).toBe(folder);
    });

    test('has a solution that passes', async () => {
      const verdict = await sessions.run({ entry: join(root, 'solution', entry) });
      expect(failures(verdict)).toEqual([]);
      expect(verdict.passed).toBe(true);
    });

    test('has a starter that runs, and fails by what it leaves out', async () => {
      const verdict = await sessions.run({ entry: join(root, 'starter', entry), untilFailure: true });
      const first = verdict.checks.find((check) => !check.passed);
      expect(first).toMatchObject(starterFails[lab.id] ?? {});
      expect(first?.output).toBeUndefined();
    });

    test('has a starter that is the solution before, with new gaps', async () => {
      const wanted = await starterFiles(labsRoot, folder);
      // What to do about a difference: npx tsx labs/make-starters.ts
      if (wanted) expect(await readFiles(join(root, 'starter'))).toEqual(wanted);
    });

    test('has at least eight mistakes and three other right ways', () => {
      expect(mistakes.length).toBeGreaterThanOrEqual(8);
      expect(variants.length).toBeGreaterThanOrEqual(3);
    });

    test.for(variants)('accepts another right way: %s', async (name) => {
      const file = extname(name) ? name : join(name, entry);
      const verdict = await sessions.run({ entry: join(root, 'variants', file) });
      expect(failures(verdict)).toEqual([]);
    });

    test.for(mistakes)('catches a mistake by name: %s', async (file) => {
      const { default: wrong } = (await import(join(root, 'mistakes', file))) as { default: Mistake };
      const copy = join(written, folder, basename(file, '.ts'));
      await mkdir(copy, { recursive: true });
      const files = applyChanges(await readFiles(join(root, 'solution')), wrong.change);
      for (const [name, text] of Object.entries(files)) await writeFile(join(copy, name), text);
      const run = { entry: join(copy, entry), untilFailure: true };
      const verdict = await (whole
        ? sessions.run(run)
        : lanes.run({ ...run, checks: laneOf(lab, wrong.caughtBy) }));
      const first = verdict.checks.find((check) => !check.passed);
      expect({ caughtBy: first?.id, named: first?.mistake, seen: first?.observed }).toEqual({
        caughtBy: wrong.caughtBy,
        named: wrong.named,
        seen: first?.observed,
      });
      for (const words of wrong.says) expect(first?.observed).toContain(words);
    });
  });
}

/** The checks up to the named one that share its process in a verify. */
function laneOf({ checks, lanes = defaultLanes }: Lab, named: string): Check[] {
  const at = checks.findIndex(({ id }) => id === named);
  return checks.filter((_check, n) => n <= at && (at - n) % lanes === 0);
}

/** Each with the end of its transcript: what fails once in a hundred runs can't be looked at again. */
function failures({ checks, transcript }: Verdict): string[] {
  return checks
    .filter((check) => !check.passed)
    .map(({ id, observed }) => {
      const lines = transcript
        .filter((line) => line.check === id)
        .slice(-80)
        .map(
          ({ atMs, lane, request, tookMs, reply }) => `${atMs} ${lane}: ${request} -> ${tookMs} ms, ${reply}`,
        );
      return [`${id}: ${observed}`, ...lines].join('\n');
    });
}
