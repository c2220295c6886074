import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { costTables, withTables } from '../../prices/cost-tables.ts';
import type { Template } from '../../prices/template.ts';
import { synthesise } from '../support/synthesise.ts';

test('docs/cost.md has the tables that the code makes (node --import tsx prices/write-cost-page.ts)', async () => {
  const page = await readFile(resolve(import.meta.dirname, '../../../docs/cost.md'), 'utf8');
  const tables = await costTables((settings) =>
    Promise.resolve(synthesise(settings).template.toJSON() as Template),
  );
  expect(page).toBe(withTables(page, tables));
});

test('a page without a place for them is an error', () => {
  expect(() => withTables('# Cost\n', '')).toThrow('docs/cost.md has no place for the tables');
});
