import { mkdir, readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { EngineError } from './engine-error.ts';
import { isErrno, parseJson, readIfThere, writePrivateFile } from './private-file.ts';
import type { ServerProgram } from './server-program.ts';

const schema = z.object({
  brand: z.enum(['MySQL', 'MariaDB', 'Redis', 'Valkey']),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  port: z.int().positive(),
});

/** Who made a data folder, and the port its engine keeps. The file stands in the folder, and is written last. */
export type DataMark = z.infer<typeof schema>;

const MARK = 'workshop.json';

export async function readMark(dataDir: string): Promise<DataMark | undefined> {
  const mark = schema.safeParse(parseJson(await readIfThere(path.join(dataDir, MARK))));
  return mark.success ? mark.data : undefined;
}

export async function writeMark(dataDir: string, mark: DataMark): Promise<void> {
  await writePrivateFile(path.join(dataDir, MARK), `${JSON.stringify(mark)}\n`);
}

/**
 * Sees to it that a data folder is whole and this server's own: made by `make` if there is none, put aside and made anew
 * if one was left half made.
 *
 * @throws {EngineError} code `other-brand` when it was made by another brand, or by a later version than the server's.
 */
export async function openDataFolder(
  dataDir: string,
  server: ServerProgram,
  { make, port, progress }: { make: () => Promise<void>; port: number; progress: (line: string) => void },
): Promise<DataMark> {
  const mark = await readMark(dataDir);
  if (mark) {
    refuseOtherMaker(dataDir, mark, server);
    return mark;
  }
  if (!(await isEmpty(dataDir))) {
    const aside = `${dataDir}.half-made-${Date.now()}`;
    await rename(dataDir, aside);
    progress(`${dataDir} was left half made; it is now ${path.basename(aside)}, and a new one is made.`);
  }
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await make();
  const made = { brand: server.brand, version: server.version, port };
  await writeMark(dataDir, made);
  return made;
}

/** @throws {EngineError} code `other-brand` */
export function refuseOtherMaker(dataDir: string, mark: DataMark, server: ServerProgram): void {
  if (mark.brand === server.brand && release(mark.version) <= release(server.version)) return;
  throw new EngineError(
    'other-brand',
    `${dataDir} was made by ${mark.brand} ${mark.version}, and what is installed now is ${server.brand} ${server.version} ` +
      `(${server.file}). Install ${mark.brand} ${mark.version} again, or delete the data with 'pnpm services:reset'.`,
  );
}

/** Major and minor version as one number: within a release, both stores read each other's data either way. */
function release(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 1000 + minor;
}

async function isEmpty(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return true;
    throw error;
  }
}
