import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { billOf, type Bill } from '../prices/bill.ts';
import type { Template } from '../prices/template.ts';
import { US_EAST_1 } from '../prices/us-east-1.ts';
import type { InfraConfig } from '../lib/config/config.ts';

const infra = path.resolve(import.meta.dirname, '..');

/** Settings as they are given: `{ profile: 'production', 'cache.mode': 'cluster' }`. */
export type Settings = Readonly<Record<string, string>>;

export interface Synthesised {
  readonly config: InfraConfig;
  /** The cloud assembly: the template and the files that go to S3. CDK deploys from it. */
  readonly folder: string;
  readonly templateFile: string;
  readonly template: Template;
  readonly bill: Bill;
}

export interface SynthesiseOptions {
  /** Where to write. @default infra/cdk.out */
  readonly folder?: string;
  /** Whether CDK holds the template to CloudFormation's own rules. @default true */
  readonly validates?: boolean;
  /** A folder with the built demo. @default packages/web/dist, after building it */
  readonly bundle?: string;
}

/**
 * Makes the template, in this process: CDK's command line would take seconds to start another for it. Nothing goes over the
 * network. Throws `InfraConfigError` for settings that cannot work, before anything is built.
 *
 * @throws when CDK finds that CloudFormation would not take the template; what it found is printed
 */
export async function synthesise(
  settings: Settings,
  { folder = path.join(infra, 'cdk.out'), validates = true, bundle }: SynthesiseOptions = {},
): Promise<Synthesised> {
  const { readInfraConfig } = await import('../lib/config/config.ts');
  const config = readInfraConfig(settings);
  const demo = bundle ?? (await buildBundle());
  const [{ App }, { WorkshopStack }, { cdkFlags }] = await Promise.all([
    import('aws-cdk-lib/core'),
    import('../lib/workshop-stack.ts'),
    import('../lib/cdk-flags.ts'),
  ]);
  const app = new App({
    outdir: folder,
    analyticsReporting: false,
    // Takes two thirds of the time, and is for those who change what is deployed.
    builtinCloudFormationValidation: validates,
    context: { ...cdkFlags(), ...settings },
  });
  const { artifactId } = new WorkshopStack(app, config, { bundle: demo });
  const { templateFullPath, template } = app.synth().getStackArtifact(artifactId);
  const parsed = template as Template;
  return {
    config,
    folder,
    templateFile: templateFullPath,
    template: parsed,
    bill: billOf(parsed, US_EAST_1),
  };
}

/** The web server's program, which is part of what is deployed. From its own folder: no package may import it. */
async function buildBundle(): Promise<string> {
  const file = path.resolve(infra, '../packages/web/bundle/write-bundle.ts');
  const { writeBundle } = (await import(pathToFileURL(file).href)) as {
    writeBundle: (out: string) => Promise<unknown>;
  };
  const dist = path.resolve(infra, '../packages/web/dist');
  await writeBundle(dist);
  return dist;
}
