import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { withConnection, withLoadLock } from '../src/connection.ts';
import { deltaRows } from '../src/delta.ts';
import { ensureDataset } from '../src/ensure-dataset.ts';
import { ConnectionError, ForeignTableError, InvalidOptionError } from '../src/errors.ts';
import { DEFAULT_SEED, generateArticles } from '../src/generate.ts';
import type { Progress } from '../src/progress.ts';
import type { ArticleRow } from '../src/rows.ts';
import { articlesTable } from '../src/schema.ts';
import { searchArticlesSql } from '../src/search-articles.ts';
import { tableNames, useDatabase } from './helpers/database.ts';

const database = useDatabase();
const counts = async (): Promise<unknown[]> => [
  await database.value('SELECT COUNT(*) FROM articles'),
  await database.value('SELECT COUNT(*) FROM cities'),
];
describe('ensureDataset', () => {
  test('loads both tables, and tells how it goes', async () => {
    const seen: Progress[] = [];
    const result = await ensureDataset(database.url, {
      rows: 3_000,
      onProgress: (progress) => seen.push(progress),
    });
    expect(result).toEqual({ loaded: true, rows: 3_000, cities: expect.any(Number), source: 'generated' });
    expect(result.cities).toBeGreaterThan(130_000);
    expect(await counts()).toEqual([3_000, result.cities]);

    const articles = seen.filter(({ table }) => table === 'articles');
    expect(articles.map(({ rows }) => rows)).toEqual(
      articles.map(({ rows }) => rows).toSorted((a, b) => a - b),
    );
    expect(articles.map(({ step }) => step).slice(-2)).toEqual(['storing', 'done']);
    expect(articles.at(-1)).toMatchObject({ rows: 3_000, totalRows: 3_000, fraction: 1 });
    expect(seen.at(-1)).toMatchObject({ table: 'cities', step: 'done', rows: result.cities });
  });

  test('leaves the demo a query that has to read the whole table', async () => {
    const { sql, params } = searchArticlesSql({ term: 'delta', limit: 500 });
    const [rows] = await database.connection.execute(sql, params);
    const expected = new Set(deltaRows(3_000, DEFAULT_SEED));
    expect(rows).toEqual(
      [...generateArticles({ rows: 3_000 })].filter(({ OBJECTID }) => expected.has(OBJECTID)),
    );
    const [plan] = await database.connection.query(`EXPLAIN ${sql}`, params);
    // Every row in the order of the key, or every row: there is nothing that could narrow it down.
    expect(plan).toMatchObject([{ type: expect.stringMatching(/^(index|ALL)$/) }]);
  });

  test('does nothing when the data is there', async () => {
    const onProgress = vi.fn();
    const result = await ensureDataset(database.url, { rows: 3_000, onProgress });
    expect(result).toMatchObject({ loaded: false, rows: 3_000, source: 'generated' });
    expect(onProgress).not.toHaveBeenCalled();
  });

  test('loads again when a row is missing, and only the table it is missing from', async () => {
    await database.connection.query('DELETE FROM articles WHERE OBJECTID = 1234');
    const seen = new Set<string>();
    await ensureDataset(database.url, { rows: 3_000, onProgress: ({ table }) => seen.add(table) });
    expect([...seen]).toEqual(['articles']);
    expect(await database.value('SELECT COUNT(*) FROM articles')).toBe(3_000);
  });

  test('loads again for another number of rows or another seed', async () => {
    expect(await ensureDataset(database.url, { rows: 1_000 })).toMatchObject({ loaded: true, rows: 1_000 });
    expect(await ensureDataset(database.url, { rows: 1_000, seed: 7 })).toMatchObject({
      loaded: true,
      rows: 1_000,
    });
    const [first] = generateArticles({ rows: 1_000, seed: 7 }) as Iterable<ArticleRow> & [ArticleRow];
    expect(await database.value('SELECT Sentence FROM articles WHERE OBJECTID = 1')).toBe(first.Sentence);
  });

  test('loads once when two ask for it at once', async () => {
    const results = await Promise.all([
      ensureDataset(database.url, { rows: 20_000 }),
      ensureDataset(database.url, { rows: 20_000 }),
    ]);
    expect(results.filter(({ loaded }) => loaded)).toHaveLength(1);
    expect(results.map(({ rows }) => rows)).toEqual([20_000, 20_000]);
    expect(await tableNames(database)).toEqual(['article_reads', 'article_sentences', 'articles', 'cities']);
  });

  test('waits for another process, says so, and then takes what that one has loaded', async () => {
    await withConnection(database.url, async (other) => {
      let result: Promise<unknown> | undefined;
      await withLoadLock(other, expect.unreachable, async () => {
        await database.connection.query('RENAME TABLE articles TO articles_away');
        await new Promise<void>((resolve) => {
          result = ensureDataset(database.url, {
            rows: 20_000,
            onProgress: ({ step }) => {
              expect(step).toBe('waiting');
              resolve();
            },
          });
        });
        await database.connection.query('RENAME TABLE articles_away TO articles');
      });
      expect(await result).toMatchObject({ loaded: false, rows: 20_000 });
    });
  });

  test('keeps the old table when the process is killed, and clears up the next time', async () => {
    const script = fileURLToPath(new URL('helpers/load-until-killed.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', script, database.url], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await database.value('SELECT COUNT(*) FROM articles')).toBe(20_000);
    expect(await tableNames(database)).toContain('workshop_articles_loading');

    // The server takes back what it had stored when it finds the connection gone, and then lets go of the lock.
    await vi.waitUntil(
      async () => {
        await ensureDataset(database.url, { rows: 20_000 });
        return (await tableNames(database)).every((name) => !name.startsWith('workshop_'));
      },
      { timeout: 20_000, interval: 100 },
    );
    expect(await database.value('SELECT COUNT(*) FROM articles')).toBe(20_000);
  });

  describe('next to tables it did not make', () => {
    afterEach(() => database.connection.query('DROP TABLE articles'));

    test('leaves one of another shape alone, and says so', async () => {
      await database.connection.query('DROP TABLE articles');
      await database.connection.query('CREATE TABLE articles (id INT)');
      const refused = ensureDataset(database.url, { rows: 1_000, replace: 'imported' });
      await expect(refused).rejects.toThrow(ForeignTableError);
      await expect(refused).rejects.toThrow(/already has a table "articles"/);
      expect(await database.value('SELECT COUNT(*) FROM articles')).toBe(0);
      expect(await ensureDataset(database.url, { rows: 1_000, replace: 'anything' })).toMatchObject({
        loaded: true,
      });
    });

    test("keeps articles that AWS's own script has loaded, until told to replace them", async () => {
      const columns = articlesTable.columns.map(
        (name) => `${name} ${name === 'OBJECTID' ? 'INT PRIMARY KEY' : 'TEXT'}`,
      );
      await database.connection.query(`CREATE TABLE articles (${columns.join(', ')})`);
      await database.connection.query(
        "INSERT INTO articles (OBJECTID, Sentence) VALUES (12, 'The delta of the Nile')",
      );
      const kept = await ensureDataset(database.url, { rows: 1_000 });
      expect(kept).toMatchObject({ loaded: false, rows: 1, source: 'imported' });
      const replaced = await ensureDataset(database.url, { rows: 1_000, replace: 'imported' });
      expect(replaced).toMatchObject({ loaded: true, rows: 1_000, source: 'generated' });
    });
  });

  test('refuses a number of rows that makes no sense before it connects', async () => {
    await expect(ensureDataset('mysql://nobody@127.0.0.1:1/none', { rows: 10 })).rejects.toThrow(
      InvalidOptionError,
    );
  });

  test('names the server it could not reach, and keeps passwords to itself', async () => {
    const unreachable = ensureDataset('mysql://nobody:secret@127.0.0.1:1/none', { rows: 1_000 });
    await expect(unreachable).rejects.toThrow(ConnectionError);
    await expect(unreachable).rejects.toThrow(/MySQL at 127\.0\.0\.1:1: /);
    for (const url of ['mysql://nobody:secret@127.0.0.1:1', 'postgres://nobody:secret@host/db', 'secret']) {
      await expect(ensureDataset(url, { rows: 1_000 })).rejects.toThrow(
        /^(?!.*secret).*mysql:\/\/user:password@host:port\/database/,
      );
    }
  });
});
