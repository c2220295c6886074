import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { ensureDataset } from '@workshop/dataset';
import { createTestDatabase, testKeyPrefix } from '@workshop/engines/test-space';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, inject, it, onTestFinished, vi } from 'vitest';
import { textOf } from '../support.ts';
import type { Program } from './support.ts';
import { addressOf, runProgram, useBundle } from './support.ts';

const bundle = useBundle();
const database = { mysqlUrl: '', drop: async () => {} };
beforeAll(async () => {
  const { url: mysqlUrl, drop } = await createTestDatabase(inject('mysqlUrl'));
  Object.assign(database, { mysqlUrl, drop });
  await ensureDataset(mysqlUrl, { rows: 1_000 });
});
afterAll(() => database.drop());

function run(env: Record<string, string> = {}): Program {
  const prefix = testKeyPrefix().replace(/:$/, '');
  onTestFinished(async () => {
    const redis = new Redis(inject('redisUrl'));
    const keys = await redis.keys(`${prefix}*`);
    if (keys.length > 0) await redis.unlink(keys);
    redis.disconnect();
  });
  return runProgram(bundle, ['main.js'], {
    MYSQL_URL: database.mysqlUrl,
    REDIS_URL: inject('redisUrl'),
    CACHE_PREFIX: prefix,
    // Long enough that a machine under load is not taken for an engine that is away.
    REDIS_TIMEOUT_MS: '10000',
    PORT: '0',
    ...env,
  });
}

it('serves every page that one can come to, and all that they load', async () => {
  const program = run();
  const url = await addressOf(program);
  const seen = new Map<string, number>();
  const next = ['/', '/api/openapi.json', '/api/articles', '/api/stats', '/metrics', '/healthz', '/readyz'];
  next.push(...(await readdir(path.join(bundle.folder, 'scripts'))).map((name) => `/scripts/${name}`));
  for (let at = next.shift(); at !== undefined; at = next.shift()) {
    const response = await fetch(url + at);
    seen.set(at, response.status);
    const text = await response.text();
    if (response.headers.get('content-type')?.startsWith('text/html') !== true) continue;
    const links = [...text.matchAll(/ (?:href|src|action)="(\/[^"#]*)/g)].map(([, link = '']) =>
      link.replaceAll('&amp;', '&'),
    );
    next.push(...links.filter((link) => !seen.has(link) && !next.includes(link) && !isChange(link)));
  }
  const pages = [...seen.keys()].map((each) => each.replace(/\?.*/, ''));
  expect(pages).toEqual(
    expect.arrayContaining([
      '/query_mysql',
      '/query_cache',
      '/compare',
      '/dashboard',
      '/break',
      '/style.css',
    ]),
  );
  expect([...seen].filter(([, status]) => status !== 200)).toEqual([]);
  program.child.kill('SIGTERM');
  expect(await program.ended).toBe(0);
  expect(program.output()).toContain('"stopped"');
  expect(program.errors()).toBe('');
});

/** What a form sends, and no link leads to. */
const isChange = (link: string): boolean => /^\/(delete_cache|load|break\/)/.test(link);

it('has its load generator', async () => {
  const url = await addressOf(run());
  const response = await fetch(`${url}/load`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ requests: 200, callers: 4, seconds: 60 }),
  });
  expect(response.status).toBe(202);
  await vi.waitFor(
    async () => {
      const page = textOf(await (await fetch(`${url}/dashboard`)).text());
      expect(page).toContain('Done.');
      expect(page).toContain('Answered 200');
    },
    { timeout: 25_000, interval: 250 },
  );
});

it('runs as several processes, and ends with all of them', async () => {
  const program = run({ PORT: await freePort(), WEB_PROCESSES: '2' });
  const url = await addressOf(program, 2);
  expect((await fetch(`${url}/query_mysql`)).status).toBe(200);
  program.child.kill('SIGTERM');
  expect(await program.ended).toBe(0);
  expect(program.output().split('"stopped"')).toHaveLength(3);
  expect(program.errors()).toBe('');
});

it('says in lines what it lacks', async () => {
  const program = runProgram(bundle, ['main.js'], {});
  expect(await program.ended).toBe(1);
  expect(program.errors()).toMatch(/^MYSQL_URL is not set.*\nREDIS_URL is not set.*\n$/);
});

/** With port 0, each process would have one of its own. */
async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return String(port);
}
