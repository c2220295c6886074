import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findSolutionLines, type Lab } from '@workshop/lab-kit';
import { describe, expect, test } from 'vitest';
import { labFolders, readFiles } from '../folders.ts';

const labsRoot = dirname(dirname(fileURLToPath(import.meta.url)));
const readme = await readFile(join(labsRoot, '..', 'README.md'), 'utf8');
const only = process.env['LAB'] ?? '';
const manifest = JSON.parse(await readFile(join(labsRoot, '..', 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** Where code may stand that a guide shows: all of it is type-checked, most of it run. */
const sources = ['solution', 'starter', 'variants', 'snippets'];

for (const folder of (await labFolders(labsRoot)).filter((name) => name.startsWith(only))) {
  const root = join(labsRoot, folder);
  const { default: lab } = (await import(join(root, 'checks.ts'))) as { default: Lab };
  const guide = await readFile(join(root, 'README.md'), 'utf8');

  describe(`the guide of lab ${folder}`, () => {
    test('says which lab it is, and how long it takes', () => {
      expect(guide).toMatch(new RegExp(`^# Lab ${lab.id}: `));
      expect(guide).toContain(`About ${lab.minutes} minutes`);
    });

    test('is found in the table of the README, by the name that commands say', () => {
      const row = readme.split('\n').find((line) => line.includes(`](labs/${folder}/README.md) |`));
      expect(row).toContain(`[${lab.id} ${lab.title}]`);
      expect(row).toContain(`| ${lab.minutes} |`);
    });

    test('shows no code but what stands in a file', async () => {
      const files = await Promise.all(
        sources
          .map((name) => join(root, name))
          .filter((path) => existsSync(path))
          .map(readFiles),
      );
      const code = files.flatMap((each) => Object.values(each)).map(unindented);
      const snippets = [...guide.matchAll(/^```ts\n(.*?)^```/gms)].map(([, text]) => unindented(text ?? ''));
      for (const snippet of snippets)
        expect({ snippet, stands: code.some((text) => text.includes(snippet)) }).toEqual({
          snippet,
          stands: true,
        });
    });

    test('names commands and files that there are', () => {
      const commands = [...guide.matchAll(/\bpnpm ([a-z]+:[a-z:]+)/g)].map(([, name]) => name ?? '');
      expect(commands.filter((name) => !(name in manifest.scripts))).toEqual([]);
      const links = [...guide.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) => path ?? '');
      expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    });

    test.for(lab.checks)(
      'has three hints for $id, the last of them lines of the solution',
      async ({ hints, hint }) => {
        const [question, pointer, lines] = hints;
        expect(new Set([question, pointer, hint]).size).toBe(3);
        expect(question).toContain('?');
        expect(await findSolutionLines(join(root, 'solution'), lines)).not.toBe('');
      },
    );
  });
}

/** Lines without what stands before and behind them, so that a snippet may be indented in another way. */
function unindented(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}
