import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { Router } from 'express';

export interface ScriptsOptions {
  /** A folder where the files stand ready, as in a deployment. Default: they are bundled from `src/client` at the first request. */
  readonly builtDir?: string | undefined;
}

interface ScriptFile {
  readonly type: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
  readonly hash: string;
}

type Files = ReadonlyMap<string, ScriptFile>;

/** Serves the pages' scripts, and the stylesheets that belong to them, as `/scripts/<name>`. They are kept in memory. */
export function scripts({ builtDir }: ScriptsOptions = {}): Router {
  const router = Router();
  let files: Promise<Files> | undefined;

  const load = async (): Promise<Files> => {
    files ??= prepare(builtDir);
    try {
      return await files;
    } catch (error) {
      // Whoever has mended the script need not start the server again.
      files = undefined;
      throw error;
    }
  };

  router.get('/scripts/:name', async (request, response, next) => {
    const file = (await load()).get(request.params.name);
    if (file === undefined) {
      next();
      return;
    }
    const takesGzip = request.acceptsEncodings('gzip') === 'gzip';
    response.set({
      'Content-Type': file.type,
      'Cache-Control': 'no-cache',
      Vary: 'Accept-Encoding',
      ETag: `"${file.hash}${takesGzip ? '-gzip' : ''}"`,
      ...(takesGzip ? { 'Content-Encoding': 'gzip' } : {}),
    });
    response.send(takesGzip ? file.gzipped : file.plain);
  });

  return router;
}

const TYPES: readonly (readonly [ending: string, type: string])[] = [
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
];

const compress = promisify(gzip);

async function prepare(builtDir: string | undefined): Promise<Files> {
  const texts = builtDir === undefined ? await bundled() : await readAll(builtDir);
  const files = new Map<string, ScriptFile>();
  for (const [name, text] of texts) {
    const type = TYPES.find(([ending]) => name.endsWith(ending))?.[1];
    if (type === undefined) continue;
    const plain = Buffer.from(text);
    const gzipped = await compress(plain, { level: constants.Z_BEST_COMPRESSION });
    const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 20);
    files.set(name, { type, plain, gzipped, hash });
  }
  return files;
}

async function bundled(): Promise<ReadonlyMap<string, Uint8Array>> {
  // Not there, like esbuild itself, where the files stand ready.
  const { bundleScripts } = await import('./scripts-bundle.ts');
  return (await bundleScripts()).files;
}

async function readAll(folder: string): Promise<Map<string, Uint8Array>> {
  const names = await readdir(folder);
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)),
  );
}
