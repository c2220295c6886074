import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { InfraConfigError, readInfraConfig } from '../../lib/config/config.ts';
import { type Context, invalidSetting, validContext } from '../support/contexts.ts';
import { synthesise } from '../support/synthesise.ts';

/** What CloudFormation takes is 500 resources in a million characters. */
const MOST_RESOURCES = 250;
const MOST_CHARACTERS = 700_000;
const SHORT = new Set(['visitors', 'everyone']);

test('whatever is taken can be synthesised, and CloudFormation has room for it', () => {
  fc.assert(
    fc.property(validContext, (context) => expectRoomFor(context)),
    { numRuns: 40 },
  );
});

test('also for the largest cluster', () => {
  expectRoomFor({
    profile: 'production',
    'network.zones': 3,
    'database.rotation': false,
    'database.readReplica': true,
    'database.instanceType': 't4g.medium',
    'cache.mode': 'cluster',
    'cache.nodeType': 't4g.micro',
    'cache.shards': 45,
    'cache.replicas': 1,
    'budget.usd': 100,
    'budget.email': 'budget@example.com',
  });
});

test('whatever is not is refused by the name of the setting', () => {
  fc.assert(
    fc.property(validContext, invalidSetting, (context, { name, given }) => {
      const [group = ''] = name.split('.');
      // What is given as a group in one place and by its member in the other would be given twice.
      const others = Object.entries(context).filter(([other]) => other !== group && !SHORT.has(other));
      const read = () => readInfraConfig({ ...Object.fromEntries(others), ...given });
      expect(read).toThrow(InfraConfigError);
      expect(propertiesOf(read)).toContain(name);
    }),
    { numRuns: 1_000 },
  );
});

function expectRoomFor(context: Context): void {
  const json = synthesise(context).template.toJSON() as { readonly Resources: object };
  expect(Object.keys(json.Resources).length).toBeLessThan(MOST_RESOURCES);
  expect(JSON.stringify(json).length).toBeLessThan(MOST_CHARACTERS);
}

function propertiesOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof InfraConfigError) return error.properties;
  }
  return [];
}
