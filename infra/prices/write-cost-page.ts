// Writes the tables of docs/cost.md anew: node --import tsx prices/write-cost-page.ts
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { synthesise } from '../commands/synthesise.ts';
import { costTables, withTables } from './cost-tables.ts';

const page = path.resolve(import.meta.dirname, '../../docs/cost.md');
const folder = await mkdtemp(path.join(tmpdir(), 'cost-page-'));
try {
  const tables = await costTables(async (settings) => {
    const { template } = await synthesise(settings, { folder, validates: false });
    return template;
  });
  await writeFile(page, withTables(await readFile(page, 'utf8'), tables));
} finally {
  await rm(folder, { recursive: true });
}
