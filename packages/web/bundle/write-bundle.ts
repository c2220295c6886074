import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleScripts } from '../src/pages/scripts-bundle.ts';
import { PACKAGE, ROOT } from './places.ts';
import { bundleCities, bundlePrograms } from './programs.ts';
import { thirdPartyNotices } from './third-party.ts';

export interface WrittenBundle {
  /** Absolute. */
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
}

/** Lists each file of the bundle with its SHA-256, as `sha256sum --check` reads it. What it is itself, whoever deploys the bundle knows. */
const SUMS = 'SHA256SUMS';

/**
 * Builds the demo as it is deployed: a folder that Node 20 or newer runs by `main.js`, with nothing around it. The same sources give the
 * same bytes. The folder is put in place as a whole; what was in it is replaced.
 *
 * @throws when the folder holds something that is no bundle.
 */
export async function writeBundle(out: string): Promise<WrittenBundle> {
  const folder = path.resolve(out);
  await expectOurs(folder);
  const files = await bundleFiles();
  await mkdir(path.dirname(folder), { recursive: true });
  const aside = await mkdtemp(`${folder}.`);
  try {
    for (const [name, content] of files) {
      const file = path.join(aside, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content);
    }
    // What mkdtemp makes is for one user only.
    await chmod(aside, 0o755);
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  }
  const bytes = [...files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
  return { folder, files: files.size, bytes };
}

async function bundleFiles(): Promise<Map<string, Uint8Array>> {
  const [programs, cities, scripts, views, served] = await Promise.all([
    bundlePrograms(),
    bundleCities(),
    bundleScripts(),
    filesOf('views'),
    filesOf('public'),
  ]);
  const notices = await thirdPartyNotices([...programs.sources, ...cities.sources, ...scripts.sources]);
  const files = new Map([
    ...programs.files,
    ...cities.files,
    ...[...scripts.files].map(([name, content]) => [`scripts/${name}`, content] as const),
    ...views,
    ...served,
    ['package.json', Buffer.from(await manifest())] as const,
    ['LICENSE', await readFile(path.join(ROOT, 'LICENSE'))] as const,
    ['THIRD-PARTY.txt', Buffer.from(notices)] as const,
  ]);
  const sorted = [...files].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const sums = sorted.map(([name, content]) => `${sha256(content)}  ${name}\n`).join('');
  return new Map([...sorted, [SUMS, Buffer.from(sums)]]);
}

/** The files that lie in a folder of this package, by their path in the bundle. */
async function filesOf(name: string): Promise<(readonly [string, Uint8Array])[]> {
  const names = await readdir(path.join(PACKAGE, name));
  return await Promise.all(
    names.map(async (each) => [`${name}/${each}`, await readFile(path.join(PACKAGE, name, each))] as const),
  );
}

/** What Node has to know of it. */
async function manifest(): Promise<string> {
  const read = async (folder: string): Promise<Record<string, unknown>> =>
    JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  const [{ name, version, license, type }, { engines }] = await Promise.all([read(PACKAGE), read(ROOT)]);
  return `${JSON.stringify({ name, version, private: true, license, type, engines }, null, 2)}\n`;
}

async function expectOurs(folder: string): Promise<void> {
  const names: string[] = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  if (names.length === 0 || names.includes(SUMS)) return;
  throw new Error(`${folder} holds something else than a bundle. Give --out a folder that is new or empty.`);
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
