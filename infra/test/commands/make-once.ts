import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { synthesise, type Settings, type Synthesised } from '../../commands/synthesise.ts';
import { readInfraConfig } from '../../lib/config/config.ts';

let folder: string | undefined;
let made: Promise<Synthesised> | undefined;

afterAll(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true });
});

/** The smallest stack, made once for a file of tests, in a folder of its own; with the settings' configuration, which fails as it does elsewhere. */
export async function makeOnce(settings: Settings): Promise<Synthesised> {
  const config = readInfraConfig(settings);
  made ??= makeFirst();
  return { ...(await made), config };
}

async function makeFirst(): Promise<Synthesised> {
  folder = await mkdtemp(join(tmpdir(), 'infra-commands-'));
  const bundle = await standIn(folder);
  return await synthesise({}, { folder: join(folder, 'cdk.out'), validates: false, bundle });
}

/** A folder that passes for the built demo. @returns it, inside the one that is given */
export async function standIn(inside: string): Promise<string> {
  const bundle = join(inside, 'bundle');
  await mkdir(bundle);
  await writeFile(join(bundle, 'SHA256SUMS'), 'the sum of nothing  main.js\n');
  return bundle;
}
