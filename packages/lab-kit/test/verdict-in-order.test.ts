import { expect, test } from 'vitest';
import type { CheckResult } from '../src/run-check.ts';
import { VerdictInOrder } from '../src/verdict-in-order.ts';

const checks = ['a', 'b', 'c', 'd', 'e'].map((id) => ({
  id,
  title: id,
  expected: '',
  hint: '',
  hints: ['', '', { file: '', from: '', to: '' }] as const,
  run: async () => '',
}));

function result(at: number, differs: Partial<CheckResult> & { fails?: boolean } = {}): CheckResult {
  const { id, title, expected, hint } = checks[at]!;
  const { fails = false, lost = false, unusable = false } = differs;
  return {
    verdict: { id, title, passed: !fails, expected, observed: 'seen', hint },
    lines: [],
    lost,
    unusable,
  };
}

/** What is told, in the order in which it is. */
function follow(untilFailure: boolean, ...results: [at: number, result: CheckResult][]): string[] {
  const told: string[] = [];
  const verdict = new VerdictInOrder(checks, untilFailure, (check) =>
    told.push(`${check.id} ${check.skipped ? 'skipped' : check.passed ? 'passed' : 'failed'}`),
  );
  for (const [at, each] of results) verdict.add(at, each);
  return [...told, verdict.isStopped ? 'stopped' : 'open'];
}

test('checks are told in order, whichever ends first', () => {
  const told = follow(false, [2, result(2)], [1, result(1, { fails: true })], [0, result(0)]);
  expect(told).toEqual(['a passed', 'b failed', 'c passed', 'open']);
});

test('what comes after the first failure is skipped, though it was run', () => {
  const told = follow(true, [2, result(2)], [1, result(1, { fails: true })], [0, result(0)]);
  expect(told).toEqual(['a passed', 'b failed', 'c skipped', 'd skipped', 'e skipped', 'stopped']);
});

test('a later failure waits for those before it', () => {
  expect(follow(true, [2, result(2, { fails: true })])).toEqual(['open']);
});

test('a file that can not be loaded says so once', () => {
  const broken = { fails: true, unusable: true };
  const told = follow(false, [1, result(1, broken)], [0, result(0, broken)]);
  expect(told).toEqual(['a failed', 'b skipped', 'c skipped', 'd skipped', 'e skipped', 'stopped']);
});

test('the third loss of the process in order is the last', () => {
  const lost = { fails: true, lost: true };
  const results = [3, 2, 1, 0].map((at): [number, CheckResult] => [at, result(at, lost)]);
  expect(follow(false, ...results)).toEqual([
    'a failed',
    'b failed',
    'c failed',
    'd skipped',
    'e skipped',
    'stopped',
  ]);
});
