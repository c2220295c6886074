import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runLab, storeFile, type Lab, type Verdict } from '@workshop/lab-kit';
import { afterAll, describe, expect, inject, test } from 'vitest';
import type {} from '@workshop/engines/testing';
import { applyMistake, type Mistake } from '../mistake.ts';

const labsRoot = dirname(dirname(fileURLToPath(import.meta.url)));
const written = join(labsRoot, '.checked', `mistakes-${process.pid}`);
const engines = { mysqlUrl: inject('mysqlUrl'), redisUrl: inject('redisUrl') };

/** What the first failing check of each starter says. */
const starterFails: Record<string, { id: string; observed: string }> = {
  '01': { id: 'answers', observed: "search('delta', 10) returned 0 rows, and no query reached MySQL" },
  '02': {
    id: 'second-read',
    observed: "5 times search('delta', 10): expected 1 SELECT, saw 5; nothing reached Redis",
  },
};

afterAll(async () => await rm(written, { recursive: true, force: true }));

for (const folder of (await readdir(labsRoot)).filter((name) => /^\d\d-/.test(name)).toSorted()) {
  const root = join(labsRoot, folder);
  const { default: lab } = (await import(join(root, 'checks.ts'))) as { default: Lab };
  const variants = await readdir(join(root, 'variants'));
  const mistakes = await readdir(join(root, 'mistakes'));
  const verify = async (entry: string, untilFailure = false): Promise<Verdict> =>
    await runLab({ lab, entry, engines, untilFailure });

  describe(`lab ${folder}`, { concurrent: true }, () => {
    test('is named as its folder is', () => {
      expect(`${lab.id}-${lab.name}`).toBe(folder);
    });

    test('has a solution that passes', async () => {
      const verdict = await verify(join(root, 'solution', storeFile));
      expect(failures(verdict)).toEqual([]);
      expect(verdict.passed).toBe(true);
    });

    test('has a starter that runs, and fails by what it leaves out', async () => {
      const verdict = await verify(join(root, 'starter', storeFile), true);
      const first = verdict.checks.find((check) => !check.passed);
      expect(first).toMatchObject(starterFails[lab.id] ?? {});
      expect(first?.output).toBeUndefined();
    });

    test('has at least six mistakes and two other right ways', () => {
      expect(mistakes.length).toBeGreaterThanOrEqual(6);
      expect(variants.length).toBeGreaterThanOrEqual(2);
    });

    test.for(variants)('accepts another right way: %s', async (file) => {
      const verdict = await verify(join(root, 'variants', file));
      expect(failures(verdict)).toEqual([]);
    });

    test.for(mistakes)('catches a mistake by name: %s', async (file) => {
      const { default: wrong } = (await import(join(root, 'mistakes', file))) as { default: Mistake };
      const solution = await readFile(join(root, 'solution', storeFile), 'utf8');
      const entry = join(written, folder, basename(file, '.ts'), storeFile);
      await mkdir(dirname(entry), { recursive: true });
      await writeFile(entry, applyMistake(solution, wrong));
      const verdict = await verify(entry, true);
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

function failures(verdict: Verdict): string[] {
  return verdict.checks.filter((check) => !check.passed).map((check) => `${check.id}: ${check.observed}`);
}
