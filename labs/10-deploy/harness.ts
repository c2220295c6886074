import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Token, type Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { StackProps, Synthesised } from './checks/lab-check.ts';
import type { Template } from './template/template.ts';

type WorkshopStack = new (scope: Construct, id: string, props: StackProps) => Stack;

/** Runs in the learner's process: makes the template that `cdk synth` would, without network, account or the cdk command. */
export async function open(entry: string) {
  const module = (await import(entry)) as { WorkshopStack?: WorkshopStack };
  const { WorkshopStack } = module;
  if (typeof WorkshopStack !== 'function') {
    const error = new TypeError('it does not export a class named WorkshopStack');
    // The place where this was found out is not in the learner's file.
    error.stack = error.message;
    throw error;
  }
  const done = new Map<string, Promise<Synthesised>>();
  return {
    synth(props: StackProps): Promise<Synthesised> {
      const key = JSON.stringify(props);
      // Every check asks for it; the same stack gives the same template.
      const template = done.get(key) ?? synthesise(WorkshopStack, props);
      done.set(key, template);
      return template;
    },
    async close() {},
  };
}

async function synthesise(WorkshopStack: WorkshopStack, props: StackProps): Promise<Synthesised> {
  const outdir = await mkdtemp(join(tmpdir(), 'workshop-synth-'));
  try {
    const app = new App({
      outdir,
      // What makes `cdk synth` slow and is not looked at here.
      builtinCloudFormationValidation: false,
      treeMetadata: false,
      stackTraces: false,
      analyticsReporting: false,
    });
    const stack = new WorkshopStack(app, 'Workshop', props);
    const assembly = app.synth();
    return {
      template: assembly.getStackArtifact(stack.artifactId).template as Template,
      stackId: stackIdOf(stack),
      stacks: assembly.stacksRecursively.length,
      lookUps: assembly.manifest.missing?.map(({ provider }) => provider) ?? [],
    };
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

function stackIdOf({ region, account, stackName }: Stack): string {
  const known = (value: string, madeUp: string) => (Token.isUnresolved(value) ? madeUp : value);
  return [
    'arn:aws:cloudformation',
    known(region, 'eu-west-1'),
    known(account, '111122223333'),
    `stack/${stackName}/0d2c1e90-0000-11f0-8000-0a1b2c3d4e5f`,
  ].join(':');
}
