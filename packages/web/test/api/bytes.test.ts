import { request } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { startDemo, useArticles } from '../support.ts';

const database = useArticles();
const LIST = '/api/articles?term=delta';

interface Raw {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** As the wire has it: `fetch` asks for encodings of its own and undoes them. */
async function ask(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Raw> {
  return await new Promise((resolve, reject) => {
    request(url, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });
}

describe('the bytes of an answer', () => {
  it('are those that Redis keeps', async () => {
    const { server, redis, prefix } = await startDemo(database);
    await ask(server.url + LIST);
    const hit = await ask(server.url + LIST);
    expect(hit.headers['cache-status']).toContain('redis; hit');
    expect(hit.headers['content-length']).toBe(String(hit.body.length));
    const kept = await redis.getBuffer(`${prefix}:search:delta:500`);
    expect(kept?.includes(hit.body)).toBe(true);
  });

  it.each([
    ['gzip', 'gzip'],
    ['br', 'br'],
    ['gzip;q=0.5, br;q=0.9', 'br'],
    ['br;q=0.1, gzip', 'gzip'],
    ['br;q=0, gzip;q=0', undefined],
    ['identity', undefined],
    ['deflate', undefined],
    ['*', 'br'],
    ['gzip;q=nonsense', undefined],
  ])('are encoded as Accept-Encoding has it: %s', async (accepted, coding) => {
    const { server } = await startDemo(database);
    const plain = await ask(server.url + LIST);
    const { headers, body } = await ask(server.url + LIST, { 'Accept-Encoding': accepted });
    expect(headers['content-encoding']).toBe(coding);
    expect(headers['vary']).toBe('Accept-Encoding');
    expect(headers['etag'] === plain.headers['etag']).toBe(coding === undefined);
    const decoded = { gzip: promisify(gunzip), br: promisify(brotliDecompress) };
    const known = coding as keyof typeof decoded | undefined;
    expect(known === undefined ? body : await decoded[known](body)).toEqual(plain.body);
  });

  it('go out as they are where compression would gain nothing', async () => {
    const { server } = await startDemo(database);
    const { headers } = await ask(`${server.url}/api/articles?term=zebra&limit=1`, {
      'Accept-Encoding': 'gzip',
    });
    expect(headers['content-encoding']).toBeUndefined();
  });

  it('are never a part of them, and are kept only to be asked about again', async () => {
    const { server } = await startDemo(database);
    const whole = await ask(server.url + LIST, { Range: 'bytes=0-9' });
    expect(whole.status).toBe(200);
    expect(whole.headers['accept-ranges']).toBe('none');
    expect(whole.headers['cache-control']).toBe('no-cache');
  });

  it('are left out for HEAD, with the headers of GET', async () => {
    const { server } = await startDemo(database);
    const get = await ask(server.url + LIST, { 'Accept-Encoding': 'gzip' });
    const head = await ask(server.url + LIST, { 'Accept-Encoding': 'gzip' }, 'HEAD');
    expect(head.body).toHaveLength(0);
    for (const name of ['etag', 'content-length', 'content-type', 'content-encoding'])
      expect([name, head.headers[name]]).toEqual([name, get.headers[name]]);
  });
});

describe('If-None-Match', () => {
  it.each([
    ['its ETag', (etag: string) => etag, 304],
    ['its ETag, weak', (etag: string) => `W/${etag}`, 304],
    ['a list with its ETag', (etag: string) => `"other", W/"more" , ${etag}`, 304],
    ['any', () => '*', 304],
    ['another ETag', () => '"other"', 200],
    ['the ETag without its quotes', (etag: string) => etag.replaceAll('"', ''), 200],
    ['the beginning of its ETag', (etag: string) => `${etag.slice(0, 9)}"`, 200],
  ])('of %s', async (_what, header, status) => {
    const { server } = await startDemo(database);
    const etag = String((await ask(server.url + LIST)).headers['etag']);
    const again = await ask(server.url + LIST, { 'If-None-Match': header(etag) });
    expect(again.status).toBe(status);
    expect(again.headers['etag']).toBe(etag);
    expect(again.headers['cache-status']).toContain('redis; hit');
    if (status === 304) expect([again.body.length, again.headers['content-type']]).toEqual([0, undefined]);
  });

  it('tells the encodings apart', async () => {
    const { server } = await startDemo(database);
    const plain = String((await ask(server.url + LIST)).headers['etag']);
    const gzip = { 'Accept-Encoding': 'gzip' };
    const zipped = String((await ask(server.url + LIST, gzip)).headers['etag']);
    expect(zipped).not.toBe(plain);
    expect((await ask(server.url + LIST, { ...gzip, 'If-None-Match': plain })).status).toBe(200);
    expect((await ask(server.url + LIST, { ...gzip, 'If-None-Match': zipped })).status).toBe(304);
  });
});
