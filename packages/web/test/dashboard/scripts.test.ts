import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import type { ScriptsOptions } from '../../src/pages/scripts.ts';
import { scripts } from '../../src/pages/scripts.ts';

async function serve(
  options?: ScriptsOptions,
): Promise<(path: string, headers?: Record<string, string>) => Promise<Answer>> {
  const server = createServer(express().use(scripts(options))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  // Not fetch, which unpacks what it gets.
  return async (path, headers = {}) => {
    const [response] = (await once(get({ port, path, headers, agent: false }), 'response')) as [
      IncomingMessage,
    ];
    return { response, body: Buffer.concat(await response.toArray()) };
  };
}

interface Answer {
  readonly response: IncomingMessage;
  readonly body: Buffer;
}

test('a script is bundled from its sources, small, and the same however it is sent', async () => {
  const load = await serve();
  const plain = await load('/scripts/dashboard.js');
  expect(plain.response.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'no-cache',
    vary: 'Accept-Encoding',
  });
  const zipped = await load('/scripts/dashboard.js', { 'Accept-Encoding': 'gzip' });
  expect(zipped.response.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(zipped.body).equals(plain.body)).toBe(true);
  expect(zipped.response.headers.etag).not.toBe(plain.response.headers.etag);
  expect(zipped.body.length).toBeLessThan(40_000);
  expect(plain.body.toString()).not.toContain('sourceMappingURL');
  expect((await load('/scripts/dashboard.css')).response.headers['content-type']).toBe(
    'text/css; charset=utf-8',
  );
});

test('a browser that has it is not sent it again', async () => {
  const load = await serve();
  const { response } = await load('/scripts/dashboard.js');
  const again = await load('/scripts/dashboard.js', { 'If-None-Match': response.headers.etag ?? '' });
  expect([again.response.statusCode, again.body.length]).toEqual([304, 0]);
});

test.each([
  '/scripts/none.js',
  '/scripts/..%2fapp.ts',
  '/scripts/constructor',
  '/scripts/dashboard.ts',
  '/scripts/',
])('%s is not there', async (path) => {
  const load = await serve();
  expect((await load(path)).response.statusCode).toBe(404);
});

test('files that stand ready are served as they are, and nothing else from there', async () => {
  const builtDir = await mkdtemp(join(tmpdir(), 'scripts-'));
  onTestFinished(() => rm(builtDir, { recursive: true }));
  await writeFile(join(builtDir, 'dashboard.js'), 'ready();');
  await writeFile(join(builtDir, 'secret.json'), '{}');
  const load = await serve({ builtDir });
  expect((await load('/scripts/dashboard.js')).body.toString()).toBe('ready();');
  expect((await load('/scripts/secret.json')).response.statusCode).toBe(404);
});

test('a folder that is not there fails the request, not the server, and may come', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'scripts-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const builtDir = join(folder, 'built');
  const load = await serve({ builtDir });
  expect((await load('/scripts/dashboard.js')).response.statusCode).toBe(500);
  await mkdir(builtDir);
  await writeFile(join(builtDir, 'dashboard.js'), 'ready();');
  expect((await load('/scripts/dashboard.js')).response.statusCode).toBe(200);
});
