import { parseArgs } from 'node:util';
import { DIST } from './places.ts';
import { writeBundle } from './write-bundle.ts';

/** `node --import tsx bundle/build.ts [--out FOLDER]` */
const { values } = parseArgs({ options: { out: { type: 'string', default: DIST } } });
const { folder, files, bytes } = await writeBundle(values.out);
console.log(`${files} files, ${(bytes / 1e6).toFixed(1)} MB, in ${folder}`);
