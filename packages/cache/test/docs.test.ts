import { deepStrictEqual } from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { createTestDatabase } from '@workshop/engines/test-space';
import { assert, describe, expect, inject, it, onTestFinished } from 'vitest';
import { connect, testPrefix } from './support.ts';

/** What a page's example is given: stores of its own, as URLs, and the prefix of its keys. */
export interface ExampleContext {
  readonly redis: string;
  readonly mysql: string;
  readonly prefix: string;
}

const DOCS = new URL('../docs/', import.meta.url);
const EXAMPLES = new URL('../examples/', import.meta.url);

const [pages, examples] = await Promise.all([namesIn(DOCS, '.md'), namesIn(EXAMPLES, '.ts')]);

describe('the pages in docs/', () => {
  it('have one example each, and no example is without a page', () => {
    expect(pages).toEqual(examples);
    expect(pages).not.toEqual([]);
  });

  it.each(pages)('%s: opens with its example, and that does what the page says', async (name) => {
    const [page, code] = await Promise.all([
      readFile(new URL(`${name}.md`, DOCS), 'utf8'),
      readFile(new URL(`${name}.ts`, EXAMPLES), 'utf8'),
    ]);
    const [first, second] = fencedBlocks(page);
    expect(first, `the first block of docs/${name}.md`).toEqual({ language: 'ts', text: code });
    assert(second?.language === 'json', `The second block of docs/${name}.md must be json.`);
    const promised: unknown = JSON.parse(second.text);
    deepStrictEqual(await run(name), promised);
  });
});

async function run(name: string): Promise<unknown> {
  const example = await loadExample(name);
  const database = await createTestDatabase(inject('mysqlUrl'));
  const prefix = testPrefix();
  const redis = connect();
  onTestFinished(async () => {
    await database.drop();
    const keys = await redis.keys(`${prefix}:*`);
    if (keys.length > 0) await redis.unlink(keys);
  });
  return example({ redis: inject('redisUrl'), mysql: database.url, prefix });
}

async function loadExample(name: string): Promise<(context: ExampleContext) => Promise<unknown>> {
  const module: Record<string, unknown> = await import(new URL(`${name}.ts`, EXAMPLES).href);
  assert(typeof module['example'] === 'function', `examples/${name}.ts must export a function example.`);
  return module['example'] as (context: ExampleContext) => Promise<unknown>;
}

/** The code blocks of a Markdown text in their order, each with its language and the lines between its fences. */
function fencedBlocks(markdown: string): { language: string; text: string }[] {
  return [...markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
}

async function namesIn(folder: URL, extension: string): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith(extension))
    .map((file) => file.slice(0, -extension.length))
    .toSorted();
}
