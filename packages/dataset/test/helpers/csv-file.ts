import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { ArticleRow } from '../../src/rows.ts';
import { articlesTable } from '../../src/schema.ts';

export const HEADER = articlesTable.columns.join(',');

/** A line with all thirteen fields, for tests that look at one or two of them. */
export function csvLine(id: number | string, change: Partial<Record<keyof ArticleRow, string>> = {}): string {
  const fields = articlesTable.columns.map(
    (name) => change[name] ?? (name === 'OBJECTID' ? String(id) : `${name} of ${id}`),
  );
  return fields.join(',');
}

/** Makes files in a folder that is gone after the tests. */
export function useFolder(): {
  file: (name: string, contents: string | Buffer) => Promise<string>;
  path: () => string;
} {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'workshop-csv-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  return {
    file: async (name, contents) => {
      const path = join(folder, name);
      await writeFile(path, contents);
      return path;
    },
    path: () => folder,
  };
}
