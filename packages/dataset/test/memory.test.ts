import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { withConnection } from '../src/connection.ts';
import { generateArticles } from '../src/generate.ts';
import { sendBlocks } from '../src/load-table.ts';
import { articlesTable } from '../src/schema.ts';
import type { Block } from '../src/tsv.ts';
import { encodeRows } from '../src/tsv.ts';
import { useDatabase } from './helpers/database.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const database = useDatabase();
const MEGABYTE = 1024 * 1024;

/** What is still held after a full collection: so neither when the collector runs nor how much waste there is counts. */
function heldBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** The most that is held at any of eight moments on the way through the rows. */
async function peak(rows: number, drain: (blocks: Iterable<Block>) => Promise<unknown>): Promise<number> {
  let most = 0;
  function* watched(): Generator<Block> {
    let passed = 0;
    for (const block of encodeRows(generateArticles({ rows }), articlesTable)) {
      const before = passed;
      passed += block.rows;
      if (Math.floor((before * 8) / rows) !== Math.floor((passed * 8) / rows))
        most = Math.max(most, heldBytes());
      yield block;
    }
  }
  await drain(watched());
  return most;
}

describe('memory stays flat as rows grow', () => {
  test('in the generator and the encoder', async () => {
    const drain = async (blocks: Iterable<Block>): Promise<void> => {
      let rows = 0;
      for (const block of blocks) rows += block.rows;
      expect(rows).toBeGreaterThan(0);
    };
    await peak(5_000, drain);
    const few = await peak(10_000, drain);
    const many = await peak(150_000, drain);
    // The rows between the two take 170 MB.
    expect(many - few).toBeLessThan(8 * MEGABYTE);
  });

  test('on the way to a server that is slower than the generator', async () => {
    await withConnection(database.url, async ({ connection }) => {
      await connection.query(articlesTable.create('sink', ''));
      const drain = async (blocks: Iterable<Block>): Promise<void> => {
        await sendBlocks(connection, articlesTable, 'sink', blocks);
        await connection.query('TRUNCATE sink');
      };
      await peak(5_000, drain);
      const few = await peak(10_000, drain);
      const many = await peak(60_000, drain);
      // The rows between the two take 60 MB.
      expect(many - few).toBeLessThan(8 * MEGABYTE);
    });
  });
});
