import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import type { Stack } from 'aws-cdk-lib/core';
import { afterAll, beforeAll } from 'vitest';
import { Cache } from '../../lib/cache/cache.ts';
import { readInfraConfig } from '../../lib/config/config.ts';
import { Database } from '../../lib/database.ts';
import { Network } from '../../lib/network.ts';
import { WebFleet } from '../../lib/web/web-fleet.ts';
import { WebServer } from '../../lib/web/web-server.ts';
import type { WebTier } from '../../lib/web/web-tier.ts';
import { emptyStack } from '../support/synthesise.ts';

/** A folder that passes for a bundle, for the tests of a file. */
export function useStandInBundle(): { readonly folder: string } {
  const bundle = { folder: '' };
  beforeAll(() => {
    bundle.folder = mkdtempSync(path.join(tmpdir(), 'stand-in-bundle-'));
    writeFileSync(path.join(bundle.folder, 'SHA256SUMS'), 'the sum of nothing  main.js\n');
  });
  afterAll(() => rmSync(bundle.folder, { recursive: true }));
  return bundle;
}

export interface Site {
  readonly template: Template;
  readonly web: WebTier;
}

/**
 * The stores of a deployment and what serves the site.
 *
 * @param context as after `-c`: `{ 'web.kind': 'fleet' }`
 * @param complete adds to it before the template is made
 */
export function siteOf(
  bundle: string,
  context: Record<string, string> = {},
  complete: (stack: Stack, web: WebTier) => void = () => {},
): Site {
  const config = readInfraConfig(context);
  const stack = emptyStack();
  const network = new Network(stack, 'Network', config.network);
  const database = new Database(stack, 'Database', { network, ...config.database });
  const cache = new Cache(stack, 'Cache', { network, ...config.cache });
  const props = { network, database, cache, config, bundle };
  const web =
    config.web.kind === 'server' ? new WebServer(stack, 'Web', props) : new WebFleet(stack, 'Web', props);
  complete(stack, web);
  return { template: Template.fromStack(stack), web };
}

/** The user data of the template's machines, with what CloudFormation fills in as `<Ref …>`. */
export function scriptIn(template: Template): string {
  const found = JSON.stringify(template.toJSON()).match(/"Fn::Base64":(\{"Fn::Join":\[.*?\]\]\})\}/);
  const {
    'Fn::Join': [, parts],
  } = JSON.parse(found?.[1] ?? '{"Fn::Join":["",[]]}') as { 'Fn::Join': [string, unknown[]] };
  return parts
    .map((part) =>
      typeof part === 'string' ? part : `<${JSON.stringify(part).replaceAll(/[{}"[\]]/g, '')}>`,
    )
    .join('');
}
