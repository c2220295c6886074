import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { glob } from 'zx';

export interface Totals {
  passed: number;
  failed: number;
}

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numFailedTestSuites: number;
}

/** Where each package's `vitest run` leaves its report: under turbo's `outputs`, so that a cached pass has one too. */
const reportFile = 'node_modules/.cache/test-report.json';

export async function clearReports(root: string): Promise<void> {
  for (const folder of await testedFolders(root)) await rm(join(folder, reportFile), { force: true });
}

/** Adds up what all packages reported. One without a report broke off, and counts as a failure. */
export async function addReports(root: string): Promise<Totals> {
  const totals: Totals = { passed: 0, failed: 0 };
  for (const folder of await testedFolders(root)) {
    const file = join(folder, reportFile);
    if (!existsSync(file)) {
      totals.failed++;
      continue;
    }
    const report = JSON.parse(await readFile(file, 'utf8')) as Report;
    totals.passed += report.numPassedTests;
    // A file that could not even be loaded has no failed test in it.
    totals.failed += Math.max(report.numFailedTests, report.numFailedTestSuites > 0 ? 1 : 0);
  }
  return totals;
}

async function testedFolders(root: string): Promise<string[]> {
  const folders: string[] = [];
  for (const manifest of await glob(['packages/*/package.json', '{labs,infra,scripts}/package.json'], {
    cwd: root,
  })) {
    const { scripts } = JSON.parse(await readFile(join(root, manifest), 'utf8')) as {
      scripts?: Record<string, string>;
    };
    if (scripts?.['test'] !== undefined) folders.push(dirname(join(root, manifest)));
  }
  return folders;
}
