import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { afterAll } from 'vitest';
import { cdkFlags } from '../../lib/cdk-flags.ts';
import { readInfraConfig } from '../../lib/config/config.ts';
import { WorkshopStack } from '../../lib/workshop-stack.ts';

export interface SynthesiseOptions {
  /** Whether CDK holds the template to CloudFormation's own rules, which takes some seconds. @default false */
  readonly validates?: boolean;
}

const folder = mkdtempSync(join(tmpdir(), 'workshop-synth-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let apps = 0;

/** Passes for the built demo. */
const bundle = join(folder, 'bundle');
mkdirSync(bundle);
writeFileSync(join(bundle, 'SHA256SUMS'), 'the sum of nothing  main.js\n');

/** The stack that `cdk synth -c …` would make of this context, and its template. */
export function synthesise(
  context: Record<string, unknown> = {},
  { validates = false }: SynthesiseOptions = {},
): { readonly stack: WorkshopStack; readonly template: Template } {
  const stack = new WorkshopStack(newApp(validates), readInfraConfig(context), { bundle });
  return { stack, template: Template.fromStack(stack) };
}

/** For a construct by itself. */
export function emptyStack(): Stack {
  return new Stack(newApp(), 'Empty');
}

function newApp(validates = false): App {
  apps += 1;
  return new App({
    outdir: join(folder, String(apps)),
    context: cdkFlags(),
    analyticsReporting: false,
    builtinCloudFormationValidation: validates,
    treeMetadata: false,
  });
}
