import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { main } from '../services.ts';

// On a state folder where nothing was ever started: what engines do is tested in packages/engines.
let state: string;
let printed = '';
beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'services-test-'));
  vi.stubEnv('WORKSHOP_STATE', state);
  vi.stubEnv('MYSQL_URL', '');
  vi.stubEnv('REDIS_URL', '');
  for (const stream of ['log', 'error'] as const) {
    vi.spyOn(console, stream).mockImplementation((line: string) => {
      printed += `${line}\n`;
    });
  }
});
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(state, { recursive: true });
});

async function services(...args: string[]) {
  printed = '';
  const code = await main(args);
  return { code, printed };
}

test('status is a table, or JSON', async () => {
  const table = await services('status');
  expect(table.code).toBe(0);
  expect(table.printed).toMatch(/^ENGINE +STATE .*\nmysql +\S*not started yet/);
  const { printed: json } = await services('status', '--json');
  expect(JSON.parse(json)).toEqual({
    engines: [
      { name: 'mysql', state: 'none' },
      { name: 'redis', state: 'none' },
    ],
  });
});

test('down, reset and logs have nothing to do, and say so', async () => {
  expect(await services('down')).toEqual({ code: 0, printed: 'Nothing was running.\n' });
  expect(await services('reset')).toEqual({ code: 0, printed: 'There was nothing to delete.\n' });
  expect(await services('logs')).toEqual({
    code: 0,
    printed: 'There are no logs: no engine was started here.\n',
  });
});

test.each([
  [[]],
  [['restart']],
  [['up', 'down']],
  [['up', '--json']],
  [['status', '--cluster']],
  [['down', '--now']],
])('services %j is answered with what there is, and exit code 2', async (args) => {
  const { code, printed: text } = await services(...args);
  expect(code).toBe(2);
  expect(text).toContain('pnpm services:up [--cluster]');
});

test('what is wrong with the environment is one line', async () => {
  vi.stubEnv('MYSQL_URL', 'localhost');
  const result = await services('status');
  vi.stubEnv('MYSQL_URL', '');
  expect(result).toEqual({
    code: 1,
    printed:
      'MYSQL_URL is not a URL of the form mysql://user:password@host:3306/database. Correct it or unset it.\n',
  });
});
