import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readInfraConfig } from '@workshop/infra/config';
import { WorkshopStack } from '@workshop/infra/stack';
import { App } from 'aws-cdk-lib/core';
import type { Template } from '../template/template.ts';

const settings = new URL('../../../infra/cdk.json', import.meta.url);

/** The template that `pnpm infra:synth` makes, with a bundle of one line in place of the demo's. */
export async function infraTemplate(context: Readonly<Record<string, string>>): Promise<Template> {
  const folder = await mkdtemp(join(tmpdir(), 'workshop-infra-'));
  try {
    const bundle = join(folder, 'bundle');
    await mkdir(bundle);
    const sum = createHash('sha256').update('').digest('hex');
    await writeFile(join(bundle, 'server.mjs'), '');
    await writeFile(join(bundle, 'SHA256SUMS'), `${sum}  server.mjs\n`);
    const { context: flags } = JSON.parse(await readFile(settings, 'utf8')) as { context: object };
    const app = new App({
      outdir: join(folder, 'cdk.out'),
      context: { ...flags },
      builtinCloudFormationValidation: false,
      treeMetadata: false,
      analyticsReporting: false,
    });
    const stack = new WorkshopStack(app, readInfraConfig({ ...context }), { bundle });
    return app.synth().getStackArtifact(stack.artifactId).template as Template;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
