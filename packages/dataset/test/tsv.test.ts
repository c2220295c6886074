import { describe, expect, test } from 'vitest';
import { generateArticles } from '../src/generate.ts';
import { articlesTable } from '../src/schema.ts';
import { BlockWriter, encodeRows, escapeField } from '../src/tsv.ts';

describe('escapeField', () => {
  test('leaves a plain field as it is', () => {
    expect(escapeField("São Paulo's “quotes”, 100%")).toBe("São Paulo's “quotes”, 100%");
  });

  test('escapes what LOAD DATA would take for something else', () => {
    expect(escapeField('a\tb\nc\r\\N\0')).toBe(String.raw`a\tb\nc\r\\N\0`);
  });
});

describe('encodeRows', () => {
  test('loses no row and cuts none in two', () => {
    const blocks = [...encodeRows(generateArticles({ rows: 1_000 }), articlesTable)];
    expect(blocks.length).toBeGreaterThan(3);
    for (const { bytes, rows } of blocks) {
      const lines = bytes.toString('utf8').split('\n');
      expect(lines.pop()).toBe('');
      expect(lines).toHaveLength(rows);
      expect(bytes.length).toBeLessThanOrEqual(256 * 1024);
    }
    const text = Buffer.concat(blocks.map(({ bytes }) => bytes)).toString('utf8');
    const fields = text
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
    expect(fields).toEqual(
      Array.from(generateArticles({ rows: 1_000 }), (row) => Object.values(row).map(String)),
    );
  });

  test('gives nothing for no rows', () => {
    expect([...encodeRows([], articlesTable)]).toEqual([]);
  });
});

test('BlockWriter makes room for a line longer than a block', () => {
  const writer = new BlockWriter('utf8');
  const long = `${'é'.repeat(500_000)}\n`;
  expect(writer.add('short\n')).toBeUndefined();
  expect(writer.add(long)).toMatchObject({ rows: 1, bytes: Buffer.from('short\n') });
  expect(writer.take()?.bytes.toString('utf8')).toBe(long);
  expect(writer.take()).toBeUndefined();
});
