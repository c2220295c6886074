// `npx tsx labs/make-starters.ts`: writes each starter anew, from the solution of the lab before it and its `gaps.ts`.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { labFolders, readFiles, starterFiles } from './folders.ts';

const labsRoot = dirname(fileURLToPath(import.meta.url));

for (const folder of await labFolders(labsRoot)) {
  const starter = join(labsRoot, folder, 'starter');
  await mkdir(starter, { recursive: true });
  const wanted = await starterFiles(labsRoot, folder);
  if (wanted === undefined) continue;
  const present = await readFiles(starter);
  for (const name of Object.keys(present)) if (!(name in wanted)) await rm(join(starter, name));
  for (const [name, text] of Object.entries(wanted)) {
    if (present[name] === text) continue;
    await writeFile(join(starter, name), text);
    console.log(`labs/${folder}/starter/${name}`);
  }
}
