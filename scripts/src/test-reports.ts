import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { glob } from 'zx';

/** Where each package's `vitest run` leaves its report: under turbo's `outputs`, so that a cached pass has one too. */
const pattern = '{packages/*,labs,infra,scripts}/node_modules/.cache/test-report.json';

export interface Totals {
  passed: number;
  failed: number;
}

export async function clearReports(root: string): Promise<void> {
  for (const file of await glob(pattern, { cwd: root })) await rm(join(root, file));
}

export async function addReports(root: string): Promise<Totals> {
  const totals: Totals = { passed: 0, failed: 0 };
  for (const file of await glob(pattern, { cwd: root })) {
    const report = JSON.parse(await readFile(join(root, file), 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
      numFailedTestSuites: number;
    };
    totals.passed += report.numPassedTests;
    // A file that could not even be loaded has no failed test in it.
    totals.failed += Math.max(report.numFailedTests, report.numFailedTestSuites > 0 ? 1 : 0);
  }
  return totals;
}
