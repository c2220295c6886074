import type {} from '@workshop/engines/testing';
import { inject } from 'vitest';
import type { CheckContext } from '../src/check-context.ts';
import { defineLab, type Lab, type LearnerStore } from '../src/lab.ts';
import { runLab } from '../src/run-lab.ts';
import type { Verdict } from '../src/verdict.ts';
import { noHints, type scratchFolder } from './support.ts';

export interface Store extends LearnerStore {
  run(...args: unknown[]): Promise<unknown>;
}
export type Run = (context: CheckContext<Store>) => Promise<string>;

export const engines = { mysqlUrl: inject('mysqlUrl'), redisUrl: inject('redisUrl') };

export const clients = `import { createPool, createConnection } from 'mysql2/promise'; import { Redis } from 'ioredis';`;

type Files = Record<string, string>;
type Options = Partial<Pick<Lab, 'privileges' | 'tables' | 'redis' | 'redisOptions' | 'harness'>>;
let folders = 0;

/** Runs checks that are given as functions, on files that are given as source; a text alone is article-store.ts. */
export function verifier(folder: Awaited<ReturnType<typeof scratchFolder>>, options: Options = {}) {
  return async (source: string | Files, ...runs: Run[]): Promise<Verdict> => {
    const files = typeof source === 'string' ? { 'article-store.ts': source } : source;
    const place = folders++;
    for (const [name, text] of Object.entries(files)) await folder.write(`${place}/${name}`, text);
    const checks = runs.map((run, n) => ({
      id: `c${n}`,
      title: `check ${n}`,
      expected: 'it',
      hint: 'there',
      hints: noHints,
      run,
    }));
    const lab = defineLab<Store>({
      id: '42',
      name: 'x',
      title: 'X',
      minutes: 1,
      privileges: 'ALL',
      returns: { run: 'anything' },
      ...options,
      checks,
    });
    // One, so that the checks follow each other in one process.
    return await runLab({ lab, entry: `${folder.path}/${place}/article-store.ts`, engines, lanes: 1 });
  };
}

export function observed(verdict: Verdict): string[] {
  return verdict.checks.map((check) => check.observed);
}
