import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { readIfThere, writePrivateFile } from './private-file.ts';

/**
 * The password of the engines that we run: made at random the first time, kept in a 0600 file. A server on this machine is told
 * it anew whenever it starts, so a file that is lost or damaged is simply made again.
 */
export async function readPassword(folder: string): Promise<string> {
  const known = await peekPassword(folder);
  if (known) return known;
  // base64url: it stands in a URL, an SQL string and a configuration file without being escaped.
  const made = randomBytes(24).toString('base64url');
  await writePrivateFile(fileIn(folder), `${made}\n`);
  return made;
}

/** The password, or '' where there is none yet. */
export async function peekPassword(folder: string): Promise<string> {
  const text = (await readIfThere(fileIn(folder)))?.trim() ?? '';
  return /^[\w-]{32}$/.test(text) ? text : '';
}

const fileIn = (folder: string) => path.join(folder, 'password');
