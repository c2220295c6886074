import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addReports, clearReports } from '../src/test-reports.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'reports-'));
});
afterEach(async () => await rm(root, { recursive: true }));

async function addPackage(name: string, report?: object): Promise<void> {
  const cache = join(root, 'packages', name, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  await writeFile(join(root, 'packages', name, 'package.json'), '{"scripts":{"test":"vitest run"}}');
  if (report) await writeFile(join(cache, 'test-report.json'), JSON.stringify(report));
}

test('the totals are those of all packages', async () => {
  await addPackage('a', { numPassedTests: 3, numFailedTests: 0, numFailedTestSuites: 0 });
  await addPackage('b', { numPassedTests: 4, numFailedTests: 2, numFailedTestSuites: 1 });
  expect(await addReports(root)).toEqual({ passed: 7, failed: 2 });
});

test('a package without a report, and a file that does not load, are failures', async () => {
  await addPackage('a');
  await addPackage('b', { numPassedTests: 0, numFailedTests: 0, numFailedTestSuites: 1 });
  expect(await addReports(root)).toEqual({ passed: 0, failed: 2 });
});

test('reports of an earlier run do not count', async () => {
  await addPackage('a', { numPassedTests: 3, numFailedTests: 0, numFailedTestSuites: 0 });
  await clearReports(root);
  expect(await addReports(root)).toEqual({ passed: 0, failed: 1 });
});
