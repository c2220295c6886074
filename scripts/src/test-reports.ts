import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { glob } from 'zx';

export interface Totals {
  passed: number;
  failed: number;
}

/** What the packages reported together. */
export interface Reported extends Totals {
  /** Each failure in a line or a few: whose, which test, and how its message begins. */
  failures: string[];
}

/** What is used of vitest's JSON report. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numFailedTestSuites: number;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
}

/** Of a failure's message, so that a log cut to its end still has all failures in it. */
const keptLines = 20;

/** Where each package's `vitest run` leaves its report: under turbo's `outputs`, so that a cached pass has one too. */
const reportFile = 'node_modules/.cache/test-report.json';

export async function clearReports(root: string): Promise<void> {
  for (const folder of await testedFolders(root)) await rm(join(folder, reportFile), { force: true });
}

/** Adds up what all packages reported. One without a report broke off, and counts as a failure. */
export async function addReports(root: string): Promise<Reported> {
  const all: Reported = { passed: 0, failed: 0, failures: [] };
  for (const folder of await testedFolders(root)) {
    const file = join(folder, reportFile);
    if (!existsSync(file)) {
      all.failed++;
      all.failures.push(`${relative(root, folder)}: left no report, so its run broke off`);
      continue;
    }
    const report = JSON.parse(await readFile(file, 'utf8')) as Report;
    all.passed += report.numPassedTests;
    // A file that could not even be loaded has no failed test in it.
    all.failed += Math.max(report.numFailedTests, report.numFailedTestSuites > 0 ? 1 : 0);
    all.failures.push(...report.testResults.flatMap((result) => failuresOf(root, result)));
  }
  return all;
}

function failuresOf(root: string, result: Report['testResults'][number]): string[] {
  const file = relative(root, result.name);
  const tests = result.assertionResults.filter(({ status }) => status === 'failed');
  if (tests.length === 0) return result.status === 'failed' ? [`${file}\n${beginning(result.message)}`] : [];
  return tests.map(
    ({ fullName, failureMessages }) => `${file}: ${fullName}\n${beginning(failureMessages.join('\n'))}`,
  );
}

function beginning(message: string): string {
  return stripVTControlCharacters(message)
    .split('\n')
    .slice(0, keptLines)
    .map((line) => `    ${line.slice(0, 300)}`)
    .join('\n');
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
