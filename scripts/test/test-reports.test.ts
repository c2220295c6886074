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

function counts(numPassedTests: number, numFailedTests: number, numFailedTestSuites = 0): object {
  return { numPassedTests, numFailedTests, numFailedTestSuites, testResults: [] };
}

async function addPackage(name: string, report?: object): Promise<void> {
  const cache = join(root, 'packages', name, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  await writeFile(join(root, 'packages', name, 'package.json'), '{"scripts":{"test":"vitest run"}}');
  if (report) await writeFile(join(cache, 'test-report.json'), JSON.stringify(report));
}

test('the totals are those of all packages', async () => {
  await addPackage('a', counts(3, 0));
  await addPackage('b', counts(4, 2, 1));
  expect(await addReports(root)).toMatchObject({ passed: 7, failed: 2 });
});

test('a package without a report, and a file that does not load, are failures', async () => {
  await addPackage('a');
  await addPackage('b', counts(0, 0, 1));
  expect(await addReports(root)).toMatchObject({ passed: 0, failed: 2 });
});

test('reports of an earlier run do not count', async () => {
  await addPackage('a', counts(3, 0));
  await clearReports(root);
  expect(await addReports(root)).toMatchObject({ passed: 0, failed: 1 });
});

test('each failure is named, with how its message begins', async () => {
  const failed = (fullName: string): object => ({
    fullName,
    status: 'failed',
    failureMessages: [`\u001B[31mexpected 1, saw 2\u001B[39m\n${'at a line\n'.repeat(50)}`],
  });
  await addPackage('a', {
    ...counts(1, 1, 2),
    testResults: [
      {
        name: join(root, 'packages/a/test/one.test.ts'),
        status: 'failed',
        message: '',
        assertionResults: [{ ...failed('works'), status: 'passed' }, failed('ends in time')],
      },
      {
        name: join(root, 'packages/a/test/two.test.ts'),
        status: 'failed',
        message: 'Cannot find module',
        assertionResults: [],
      },
    ],
  });
  await addPackage('b');
  const { failures } = await addReports(root);
  expect(failures).toEqual([
    expect.stringMatching(/^packages\/a\/test\/one.test.ts: ends in time\n    expected 1, saw 2\n/),
    'packages/a/test/two.test.ts\n    Cannot find module',
    'packages/b: left no report, so its run broke off',
  ]);
  expect(failures[0]?.split('\n')).toHaveLength(21);
});
