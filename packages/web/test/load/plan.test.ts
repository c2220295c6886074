import { expect, test } from 'vitest';
import { BadParameterError } from '../../src/errors.ts';
import { PLAN_RANGES, readPlan } from '../../src/load/plan.ts';

const PRESETS = Object.fromEntries(Object.entries(PLAN_RANGES).map(([name, { preset }]) => [name, preset]));

test('what is left out, or left empty, takes its preset', () => {
  expect(readPlan({})).toEqual(PRESETS);
  expect(readPlan({ requests: '', callers: '3' })).toEqual({ ...PRESETS, callers: 3 });
});

test('takes the texts of a form and the numbers of JSON, both ends of each range included', () => {
  for (const [name, { least, most }] of Object.entries(PLAN_RANGES)) {
    for (const value of [least, most, String(least), String(most)])
      expect(readPlan({ [name]: value })).toEqual({ ...PRESETS, [name]: Number(value) });
  }
  expect(readPlan({ zipf: '1.2' })).toMatchObject({ zipf: 1.2 });
});

test.each([
  [{ requests: 0 }, 'requests must be a whole number from 1 to 200,000.'],
  [{ requests: '200001' }, 'requests must be a whole number from 1 to 200,000.'],
  [{ callers: 65 }, 'callers must be a whole number from 1 to 64.'],
  [{ callers: '1.5' }, 'callers must be a whole number from 1 to 64.'],
  [{ seconds: 61 }, 'seconds must be a whole number from 1 to 60.'],
  [{ zipf: 3.1 }, 'zipf must be a number from 0 to 3.'],
  [{ mysqlShare: -1 }, 'mysqlShare must be a whole number from 0 to 100.'],
  [{ limit: '1e2' }, 'limit must be a whole number from 1 to 500.'],
  [{ limit: ['1', '2'] }, 'limit must be a whole number from 1 to 500.'],
  [{ limit: null }, 'limit must be a whole number from 1 to 500.'],
  [{ callers: NaN }, 'callers must be a whole number from 1 to 64.'],
  [{ url: 'http://192.0.2.1' }, /^url is unknown here\. Known are: requests, seconds/],
  [{ ['__proto__x']: 1 }, /is unknown here/],
  [[1], 'body must be a form or a JSON object.'],
  ['x', 'body must be a form or a JSON object.'],
  [null, 'body must be a form or a JSON object.'],
])('refuses %j', (fields, message) => {
  expect(() => readPlan(fields)).toThrow(BadParameterError);
  expect(() => readPlan(fields)).toThrow(message);
});
