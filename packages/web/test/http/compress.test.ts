import { get as request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { startDemo, useArticles } from '../support.ts';

const database = useArticles();

/** As it is on the wire: `fetch` would hide what is compressed. */
async function fetchRaw(url: string, encoding: string): Promise<{ response: IncomingMessage; body: Buffer }> {
  const asked = request(url, { headers: { 'Accept-Encoding': encoding } });
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return { response, body: await buffer(response) };
}

it.each([
  ['gzip', gunzipSync],
  ['br', brotliDecompressSync],
] as const)(
  'gives pages and files as %s to those who take it, and plain to the others',
  async (encoding, unpack) => {
    const { server } = await startDemo(database);
    for (const path of ['/', '/query_cache', '/style.css', '/dashboard']) {
      const { response, body } = await fetchRaw(server.url + path, encoding);
      expect([path, response.headers['content-encoding']]).toEqual([path, encoding]);
      expect(response.headers.vary).toContain('Accept-Encoding');
      const plain = await fetchRaw(server.url + path, 'identity');
      expect(plain.response.headers['content-encoding']).toBeUndefined();
      expect(unpack(body).length).toBeGreaterThan(body.length * 2);
      if (path === '/style.css') expect(unpack(body)).toEqual(plain.body);
    }
  },
);

it('is less than 100 kB to look at for the first time, without the rows', async () => {
  const { server } = await startDemo(database);
  for (const page of ['/', '/compare', '/dashboard', '/break', '/query_cache?term=nothing+of+the+kind']) {
    const { body } = await fetchRaw(server.url + page, 'gzip');
    const html = gunzipSync(body).toString();
    const files = [...html.matchAll(/(?:<link[^>]+href|<script[^>]+src)="([^"]+)"/g)].map(
      ([, file]) => file ?? '',
    );
    expect(files).toContain('/style.css');
    let bytes = body.length;
    for (const file of files) bytes += (await fetchRaw(server.url + file, 'gzip')).body.length;
    expect(bytes).toBeLessThan(100_000);
  }
});
