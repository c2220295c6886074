import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib/core';
import { cdkFlags } from '../lib/cdk-flags.ts';
import { readInfraConfig } from '../lib/config/config.ts';
import { WorkshopStack } from '../lib/workshop-stack.ts';
import { draw } from './draw.ts';
import { readPicture } from './picture.ts';
import type { Template } from './template.ts';

export interface PictureFile {
  readonly file: string;
  readonly render: () => string;
}

/** What stands in docs/images, each with how it is made. */
export const PICTURES: readonly PictureFile[] = [
  picture('architecture.svg', {}),
  picture('architecture-production.svg', { profile: 'production', visitors: '203.0.113.0/24' }),
];

function picture(name: string, context: Record<string, string>): PictureFile {
  const file = fileURLToPath(new URL(`../../docs/images/${name}`, import.meta.url));
  return { file, render: () => draw(readPicture(synthesise(context))) };
}

/** The template of the constructs themselves. What is in the bundle does not show. */
function synthesise(context: Record<string, string>): Template {
  const folder = mkdtempSync(join(tmpdir(), 'workshop-diagram-'));
  try {
    const bundle = join(folder, 'bundle');
    mkdirSync(bundle);
    writeFileSync(join(bundle, 'SHA256SUMS'), '');
    const app = new App({
      outdir: join(folder, 'cdk.out'),
      context: cdkFlags(),
      builtinCloudFormationValidation: false,
      treeMetadata: false,
    });
    const { artifactId } = new WorkshopStack(app, readInfraConfig(context), { bundle });
    return app.synth().getStackArtifact(artifactId).template as Template;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
