import { describe, expect, test } from 'vitest';
import { billOf } from '../../prices/bill.ts';
import { FREE } from '../../prices/free.ts';
import { rules } from '../../prices/rules.ts';
import type { Template } from '../../prices/template.ts';
import { US_EAST_1 } from '../../prices/us-east-1.ts';
import { synthesise } from '../support/synthesise.ts';

/** Each profile, and all that an option may add to one. */
const CASES: Readonly<Record<string, Record<string, string>>> = {
  workshop: {},
  production: { profile: 'production' },
  serverless: { profile: 'serverless' },
  'a cluster that tells, is seen, and ends by itself': {
    'cache.mode': 'cluster',
    visitors: '203.0.113.7/32',
    alarmEmail: 'someone@example.com',
    'budget.usd': '20',
    'budget.email': 'someone@example.com',
    destroyAfterHours: '8',
  },
  'a fleet with a certificate and a read replica': {
    'web.kind': 'fleet',
    visitors: '203.0.113.0/24',
    'web.certificateArn': 'arn:aws:acm:us-east-1:111122223333:certificate/0d2c1e90',
    'database.readReplica': 'true',
  },
};

describe.each(Object.keys(CASES))('%s', (name) => {
  const template = synthesise(CASES[name]).template.toJSON() as Template;

  test('each type of resource is priced, or listed as free', () => {
    const types = new Set(Object.values(template.Resources ?? {}).map(({ Type }) => Type));
    expect([...types].filter((type) => !(type in rules) && !(type in FREE))).toEqual([]);
  });

  test('each size has a price', () => {
    expect(billOf(template, US_EAST_1).unknown).toEqual([]);
  });
});

test('no type is both priced and free', () => {
  expect(Object.keys(FREE).filter((type) => type in rules)).toEqual([]);
});

test("the workshop's profile costs less than a third of the sample of 2022: about 0.45 USD for 8 hours", () => {
  const { usdPerHour } = billOf(synthesise().template.toJSON(), US_EAST_1);
  expect(usdPerHour * 8).toBeGreaterThan(0.35);
  expect(usdPerHour * 8).toBeLessThan(0.5);
});
