import { access, readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { example } from './example.ts';
import { testPrefix } from './support.ts';

const README = new URL('../README.md', import.meta.url);
const DOCS = new URL('../docs/', import.meta.url);
const SOURCE = new URL('../src/', import.meta.url);

describe('the README', () => {
  it('has the example that is tested here, and that does what it says', async () => {
    const options = { redis: inject('redisUrl'), prefix: testPrefix() };
    expect(await example(options, async () => ['the Po delta'])).toEqual({
      hits: 1,
      misses: 2,
      loads: 2,
    });
    const [readme, code] = await Promise.all([
      readFile(README, 'utf8'),
      readFile(new URL('example.ts', import.meta.url), 'utf8'),
    ]);
    expect(readme).toContain(`\`\`\`ts\n${code}\`\`\``);
  });

  it('leads to every page, and names every file and folder of src/', async () => {
    const [readme, pages, sources] = await Promise.all([
      readFile(README, 'utf8'),
      readdir(DOCS),
      readdir(SOURCE, { withFileTypes: true }),
    ]);
    const wanted = [
      ...pages.map((page) => `](docs/${page})`),
      ...sources.map((entry) => (entry.isDirectory() ? `\`${entry.name}/\`` : `\`${entry.name}\``)),
    ];
    expect(wanted.filter((each) => !readme.includes(each))).toEqual([]);
  });

  it('has no link that leads nowhere, nor has any page', async () => {
    const pages = (await readdir(DOCS)).map((page) => new URL(page, DOCS));
    const texts = await Promise.all(
      [README, ...pages].map(async (from) => ({ from, text: await readFile(from, 'utf8') })),
    );
    const links = texts.flatMap(({ from, text }) =>
      [...text.matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, link = '']) => ({ from, link })),
    );
    const broken = await Promise.all(
      links.map(({ from, link }) =>
        access(new URL(link, from)).then(
          () => [],
          () => [`${basename(from.pathname)}: ${link}`],
        ),
      ),
    );
    expect(broken.flat()).toEqual([]);
  });
});
