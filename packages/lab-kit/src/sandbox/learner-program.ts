import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { OnResolveArgs, Plugin, PluginBuild } from 'esbuild';
import compiled from '../compiled/compiled.cjs';
import { compiledFolder } from '../compiled/compile.ts';
import { givenModule, loadGiven } from '../compiled/plugins.ts';
import { libraries } from './learner-runtime.ts';

/** The learner's code, ready to be imported. */
export interface LearnerProgram {
  url: string;
  /** The module that is loaded in the place of the learner's, and which loads that. */
  harness?: string;
  /** It is still TypeScript: the process needs tsx. */
  needsTsx: boolean;
}

/**
 * Makes one JavaScript module of the learner's files, which loads at once. Where that could make a difference, or
 * can't be done, the file is taken as it is: tsx then runs it, and says what is wrong with it.
 */
export async function prepareProgram(entry: string, harness?: URL): Promise<LearnerProgram> {
  if (harness) return { url: pathToFileURL(entry).href, harness: harness.href, needsTsx: true };
  const code = await bundle(entry).catch(() => undefined);
  if (code === undefined || asksWhereItIs(code)) return { url: pathToFileURL(entry).href, needsTsx: true };
  const folder = programsFolder();
  // Named by content, so that a process that imports an older one is not disturbed.
  const file = join(folder, `${createHash('sha256').update(code).digest('hex').slice(0, 16)}.mjs`);
  await mkdir(folder, { recursive: true });
  compiled.writeWhole(file, code);
  compiled.removeOld(folder, (name) => name.endsWith('.mjs'));
  return { url: pathToFileURL(file).href, needsTsx: false };
}

const programsFolder = (): string => join(compiledFolder(), 'programs');

/** Code that finds files by its own place, or loads what only it knows, must be left in that place. */
function asksWhereItIs(code: string): boolean {
  return /\bimport\.meta\b|\b__(?:dirname|filename)\b|\bvar __require\b|\bcreateRequire\b|\bimport\((?!")/.test(
    code,
  );
}

async function bundle(entry: string): Promise<string | undefined> {
  const { build } = await import('esbuild');
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // As Node has it; esbuild would also take a package's `module` form.
    mainFields: ['main'],
    conditions: [],
    keepNames: true,
    sourcemap: 'inline',
    sourcesContent: false,
    write: false,
    // The source map names the learner's files as seen from there.
    outfile: join(programsFolder(), 'program.mjs'),
    plugins: [librariesApart],
    logLevel: 'silent',
  });
  return result.outputFiles[0]?.text;
}

const here = fileURLToPath(new URL('.', import.meta.url));

/** The libraries are there already in the process; other packages are loaded from where they are. */
const librariesApart: Plugin = {
  name: 'libraries-apart',
  setup(build) {
    const known = new Set<string>(libraries);
    build.onResolve({ filter: /^[^./]/ }, async (asked) => {
      const { path, kind, namespace, pluginData } = asked;
      if (pluginData === resolving || namespace !== 'file' || kind === 'entry-point') return undefined;
      if (path.startsWith('node:') || path.startsWith('@workshop/')) return undefined;
      const found = await resolveAs(build, asked, asked.resolveDir);
      if (found === undefined) return undefined;
      if (known.has(path) && found === (await resolveAs(build, asked, here))) return givenModule(path);
      return { path: kind === 'require-call' ? found : pathToFileURL(found).href, external: true };
    });
    loadGiven(build);
  },
};

const resolving = Symbol('resolving');

/** The file behind a package's name; undefined for one of Node's own modules. Fails when there is none. */
async function resolveAs(
  build: PluginBuild,
  { path, kind, importer }: OnResolveArgs,
  resolveDir: string,
): Promise<string | undefined> {
  const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: resolving });
  if (found.errors.length > 0) throw new Error(`${path} can't be resolved`);
  return found.external ? undefined : found.path;
}
