import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Hints } from '../src/lab.ts';

const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** For checks of which nobody asks for help. */
export const noHints: Hints = ['?', '', { file: '', from: '', to: '' }];

/** A folder inside the package, so that what is written there can import the package's dependencies. */
export async function scratchFolder(): Promise<{
  path: string;
  write(file: string, source: string): Promise<string>;
  remove(): Promise<void>;
}> {
  const parent = join(packageRoot, '.scratch');
  await mkdir(parent, { recursive: true });
  const path = await mkdtemp(join(parent, 'test-'));
  return {
    path,
    async write(file, source) {
      const full = join(path, file);
      await mkdir(dirname(full), { recursive: true });
      await writeFile(full, source);
      return full;
    },
    remove: async () => await rm(path, { recursive: true, force: true }),
  };
}

/** The source of a store whose functions have these bodies. */
export function storeSource(functions: Record<string, string>, top = ''): string {
  const methods = Object.entries({ close: '', ...functions }).map(
    ([name, body]) => `async ${name}(...args: any[]) { ${body} },`,
  );
  return `${top}\nexport function createArticleStore(options: any) { return { ${methods.join('\n')} }; }\n`;
}
