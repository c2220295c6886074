import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '@workshop/engines/test-space';
import type { Connection } from 'mysql2/promise';
import { withConnection } from '../src/connection.ts';
import { generateArticles } from '../src/generate.ts';
import { sendBlocks } from '../src/load-table.ts';
import { articlesTable } from '../src/schema.ts';
import type { Block } from '../src/tsv.ts';
import { encodeRows } from '../src/tsv.ts';

const ROWS = 80_000;
const ROUNDS = 5;

interface Context {
  mysqlUrl: string;
  log: (line: string) => void;
}

type Blocks = Iterable<Block> | AsyncIterable<Block>;

/**
 * What generating the rows on the way costs: the speed of a load straight from the generator over the speed at which the same server,
 * over the same client, takes the same rows from a file that is ready. The two take turns, and the median of the rounds
 * counts, so that a moment's load on the machine does not.
 */
export default {
  id: 'load-vs-file',
  title: 'Loading straight from the generator, over loading a ready file',
  target: { atLeast: 0.7 },
  async measure({ mysqlUrl, log }: Context): Promise<number> {
    const folder = await mkdtemp(join(tmpdir(), 'load-vs-file-'));
    const database = await createTestDatabase(mysqlUrl);
    try {
      const file = join(folder, 'articles.tsv');
      await writeFile(file, bytesOf(generated()));
      return await withConnection(database.url, async ({ connection }) => {
        const streamed = (): Promise<number> => rowsPerSecond(connection, generated());
        const ready = (): Promise<number> => rowsPerSecond(connection, fromFile(file));
        // One round that does not count: the code is compiled, and the file is in memory.
        await ready();
        await streamed();
        const ratios: number[] = [];
        for (let round = 1; round <= ROUNDS; round++) {
          const fileSpeed = await ready();
          const streamSpeed = await streamed();
          ratios.push(streamSpeed / fileSpeed);
          log(
            `round ${round}: ${Math.round(streamSpeed)} rows/s streamed, ${Math.round(fileSpeed)} rows/s from the file`,
          );
        }
        return median(ratios);
      });
    } finally {
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

const generated = (): Generator<Block> => encodeRows(generateArticles({ rows: ROWS }), articlesTable);

function* bytesOf(blocks: Iterable<Block>): Generator<Buffer> {
  for (const { bytes } of blocks) yield bytes;
}

/** The file in pieces as large as the generator's; all its rows are counted with the first. */
async function* fromFile(file: string): AsyncGenerator<Block> {
  let rows = ROWS;
  for await (const bytes of createReadStream(file, { highWaterMark: 256 * 1024 })) {
    yield { bytes: bytes as Buffer, rows };
    rows = 0;
  }
}

async function rowsPerSecond(connection: Connection, blocks: Blocks): Promise<number> {
  await connection.query('DROP TABLE IF EXISTS bench');
  await connection.query(articlesTable.create('bench', ''));
  const started = performance.now();
  await sendBlocks(connection, articlesTable, 'bench', blocks);
  return (ROWS / (performance.now() - started)) * 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
