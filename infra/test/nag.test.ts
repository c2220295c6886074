import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { ACKNOWLEDGEMENTS } from '../lib/nag.ts';
import { synthesise } from './support/synthesise.ts';

const PROFILES = ['workshop', 'production', 'serverless'];

test.each([
  ...PROFILES.map((profile) => ({ profile })),
  { profile: 'production', 'cache.mode': 'cluster', visitors: '203.0.113.0/24' },
  { profile: 'production', 'web.certificateArn': 'arn:aws:acm:eu-west-1:123456789012:certificate/1-2' },
  { visitors: '203.0.113.7/32', destroyAfterHours: 8, budget: { usd: 5, email: 'me@example.com' } },
  { alarmEmail: 'me@example.com', 'cache.engine': 'redis', 'database.readReplica': true },
  { profile: 'production', 'database.rotation': false, 'database.readReplica': true },
])('cdk-nag’s AwsSolutions rules find nothing: %j', (context) => {
  const { stack } = synthesise(context);
  const { violations } = new AwsSolutionsChecks().validateScope(stack);
  expect(violations).toEqual([]);
});

test('few rules are not followed, each with a reason', () => {
  expect(ACKNOWLEDGEMENTS.length).toBeLessThan(8);
  for (const { reason } of ACKNOWLEDGEMENTS) expect(reason.length).toBeGreaterThan(40);
});

test('each of them is needed by a profile', () => {
  const ids = ACKNOWLEDGEMENTS.map(({ id }) => id);
  const needed = PROFILES.flatMap((profile) => {
    const { stack } = synthesise({ profile });
    return ACKNOWLEDGEMENTS.filter(({ where }) => where(stack) !== undefined).map(({ id }) => id);
  });
  expect(new Set(needed)).toEqual(new Set(ids));
});

test('the open site of access.everyone is found, and not acknowledged', () => {
  const { stack } = synthesise({ visitors: '0.0.0.0/0', everyone: true });
  const { violations } = new AwsSolutionsChecks().validateScope(stack);
  expect(violations.map(({ ruleName }) => ruleName)).toEqual(['AwsSolutions-EC23']);
});
