import { readFile } from 'node:fs/promises';
import { describe, expect, inject, it } from 'vitest';
import { example } from './example.ts';
import { testPrefix } from './support.ts';

describe('the example in the README', () => {
  it('is the one that is tested here, and does what it says', async () => {
    const options = { redis: inject('redisUrl'), prefix: testPrefix() };
    expect(await example(options, async () => ['the Po delta'])).toEqual({
      hits: 1,
      misses: 1,
      loads: 1,
    });
    const [readme, code] = await Promise.all(
      ['../README.md', 'example.ts'].map((file) => readFile(new URL(file, import.meta.url), 'utf8')),
    );
    expect(readme).toContain(`\`\`\`ts\n${code}\`\`\``);
  });
});
