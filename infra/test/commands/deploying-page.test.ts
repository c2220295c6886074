import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readInfraConfig } from '../../lib/config/config.ts';
import { SETTING_NAMES } from '../../lib/config/settings.ts';

const root = resolve(import.meta.dirname, '../../..');
const page = await readFile(resolve(root, 'docs/deploying.md'), 'utf8');
const [, settings = ''] = /## Settings\n([^]*?)\n## /.exec(page) ?? [];
const rows = settings
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, first = '', ...values]) => ({
    names: [...first.matchAll(/`([\w.]+)`/g)].map(([, name = '']) => name),
    values: values.slice(0, 3).map((value) => value.split(', ')),
  }));

test('each setting has its place in the table of docs/deploying.md', () => {
  const told = rows.flatMap(({ names }) => names);
  const short = SETTING_NAMES.map((name) => name.replace(/^access\./, ''));
  expect(short.filter((name) => !['profile', 'stackName'].includes(name)).toSorted()).toEqual(
    told.toSorted(),
  );
});

test.each(['workshop', 'production', 'serverless'].map((profile, at) => [profile, at] as const))(
  'what it says of the profile %s is so',
  (profile, at) => {
    const config = readInfraConfig({ profile }) as unknown as Record<string, Record<string, unknown>>;
    for (const { names, values } of rows) {
      for (const [n, name] of names.entries()) {
        const told = values[at]?.[n];
        // What has no default, or does not matter in this profile.
        if (told === undefined || told === '' || told === 'none' || told.startsWith('not ')) continue;
        const [group = '', member = ''] = (name === 'everyone' ? 'access.everyone' : name).split('.');
        expect([name, String(config[group]?.[member])]).toEqual([name, told]);
      }
    }
  },
);

test('the commands that it names are there', async () => {
  const { scripts } = JSON.parse(await readFile(resolve(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const named = new Set([...page.matchAll(/pnpm ((?:infra|lab):\w+)/g)].map(([, name]) => name));
  expect([...named].filter((name) => scripts[name ?? ''] === undefined)).toEqual([]);
  expect(named.size).toBeGreaterThan(6);
});
