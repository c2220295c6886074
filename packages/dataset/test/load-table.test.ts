import type { RowDataPacket } from 'mysql2/promise';
import { beforeEach, describe, expect, test } from 'vitest';
import { withConnection } from '../src/connection.ts';
import { LoadFailedError, LoadIncompleteError, LocalInfileOffError } from '../src/errors.ts';
import { generateArticles } from '../src/generate.ts';
import { loadFixture } from '../src/load-fixture.ts';
import { replaceTable } from '../src/load-table.ts';
import type { ArticleRow } from '../src/rows.ts';
import { articlesTable } from '../src/schema.ts';
import type { Block } from '../src/tsv.ts';
import { encodeRows } from '../src/tsv.ts';
import { tableNames, useDatabase } from './helpers/database.ts';

const database = useDatabase();
const [sample] = generateArticles({ rows: 1 }) as Iterable<ArticleRow> & [ArticleRow];
const old = [...generateArticles({ rows: 3, seed: 99 })];

function load(blocks: Iterable<Block> | AsyncIterable<Block>, url = database.url): Promise<number> {
  return withConnection(url, (loading) =>
    replaceTable({
      loading,
      table: articlesTable,
      blocks,
      contents: (rows) => ({ kind: 'generated', made: 'a test', rows }),
    }),
  );
}

async function stored(): Promise<ArticleRow[]> {
  const [rows] = await database.connection.query<(ArticleRow & RowDataPacket)[]>(
    'SELECT * FROM articles ORDER BY OBJECTID',
  );
  return rows.map((row) => ({ ...row }));
}

beforeEach(() => loadFixture(database.url, { articles: old }));

describe('replaceTable', () => {
  test('stores every row just as it was', async () => {
    const rows = [...generateArticles({ rows: 700 })];
    expect(await load(encodeRows(rows, articlesTable))).toBe(700);
    expect(await stored()).toEqual(rows);
    expect(await tableNames(database)).toEqual(['articles', 'cities']);
  });

  test('stores characters that mean something to LOAD DATA, to SQL or to nobody', async () => {
    const texts = [
      'tab\tnewline\nreturn\r\nback\\slash \\N NULL',
      'nul\0 quote\' "double"',
      'Cần Thơ 𝛿elta 😷 한국어',
      '',
    ];
    const rows = texts.map((text, at) => ({
      ...sample,
      OBJECTID: at,
      Sentence: text,
      Abstract: text.repeat(500),
    }));
    await load(encodeRows(rows, articlesTable));
    expect(await stored()).toEqual(rows);
  });

  test('leaves the old rows readable until the new ones are whole', async () => {
    const seen: unknown[] = [];
    async function* watched(): AsyncGenerator<Block> {
      for (const block of encodeRows(generateArticles({ rows: 2_000 }), articlesTable)) {
        yield block;
        seen.push(await database.value('SELECT COUNT(*) FROM articles'));
      }
    }
    await load(watched());
    expect(seen.length).toBeGreaterThan(5);
    expect(new Set(seen)).toEqual(new Set([3]));
    expect(await database.value('SELECT COUNT(*) FROM articles')).toBe(2_000);
  });

  test('keeps the old rows when the source fails on the way, and says why it did', async () => {
    const cause = new Error('the source ran dry');
    async function* failing(): AsyncGenerator<Block> {
      yield* encodeRows(generateArticles({ rows: 1_000 }), articlesTable);
      throw cause;
    }
    await expect(load(failing())).rejects.toBe(cause);
    expect(await stored()).toEqual(old);
    expect(await tableNames(database)).toEqual(['articles', 'cities']);
  });

  test('keeps the old rows when the connection is cut on the way; the next load clears up', async () => {
    async function* cut(): AsyncGenerator<Block> {
      const id = await database.value(
        "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO LIKE 'LOAD DATA%'",
      );
      await database.connection.query(`KILL ${Number(id)}`);
      // Without an end: only the failure can stop it.
      for (;;) yield* encodeRows(generateArticles({ rows: 1_000 }), articlesTable);
    }
    await expect(load(cut())).rejects.toThrow(LoadFailedError);
    expect(await stored()).toEqual(old);

    await load(encodeRows([sample], articlesTable));
    expect(await stored()).toEqual([sample]);
    expect(await tableNames(database)).toEqual(['articles', 'cities']);
  });

  test('refuses to go on when the server stored other rows than it was sent', async () => {
    const twice = load(encodeRows([sample, sample], articlesTable));
    await expect(twice).rejects.toMatchObject({
      sent: 2,
      stored: 1,
      warnings: [expect.stringContaining('Duplicate entry')],
    });
    const tooLong = load(encodeRows([{ ...sample, Journal: 'x'.repeat(501) }], articlesTable));
    await expect(tooLong).rejects.toThrow(LoadIncompleteError);
    await expect(tooLong).rejects.toThrow(/Journal/);
    expect(await stored()).toEqual(old);
  });

  test('says what to do when LOAD DATA LOCAL is not allowed', async () => {
    // The server tells the two apart no more than we do: the client without it, or the server.
    const url = `${database.url}?flags=-LOCAL_FILES`;
    const refused = load(encodeRows([sample], articlesTable), url);
    await expect(refused).rejects.toThrow(LocalInfileOffError);
    await expect(refused).rejects.toThrow('SET GLOBAL local_infile = 1');
    expect(await stored()).toEqual(old);
    expect(await tableNames(database)).toEqual(['articles', 'cities']);
  });
});
