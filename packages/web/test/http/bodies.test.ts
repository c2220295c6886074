import { promisify } from 'node:util';
import { brotliDecompress, gunzip } from 'node:zlib';
import { expect, test } from 'vitest';
import { Bodies } from '../../src/http/bodies.ts';

const json = (text: string) => Buffer.from(JSON.stringify([{ text }]));

test('equal bytes are one body, drawn and parsed once; other bytes are another', () => {
  const bodies = new Bodies();
  const first = bodies.of('q', json('a'));
  let drawn = 0;
  const draw = () => `table ${(drawn += 1)}`;
  expect(first.table(draw).toString()).toBe('table 1');
  const again = bodies.of('q', json('a'));
  expect(again).toBe(first);
  expect(again.table(draw).toString()).toBe('table 1');
  const changed = bodies.of('q', json('b'));
  expect(changed.table(draw).toString()).toBe('table 2');
  expect(changed.rows).toEqual([{ text: 'b' }]);
  expect(changed.etag).not.toBe(first.etag);
  expect(bodies.of('other', json('b'))).not.toBe(changed);
});

test('what is compressed comes out as it went in, and is compressed once', async () => {
  const body = new Bodies().of('q', json('delta '.repeat(10_000)));
  const zipped = await body.compressed('gzip');
  expect(await promisify(gunzip)(zipped)).toEqual(body.json);
  expect(await promisify(brotliDecompress)(await body.compressed('br'))).toEqual(body.json);
  expect(await body.compressed('gzip')).toBe(zipped);
  expect(zipped.length).toBeLessThan(body.json.length / 50);
});

test('what is kept stays within its bound: the body asked for longest ago goes first', () => {
  const bodies = new Bodies(60_000);
  const first = bodies.of('0', json('x'.repeat(1_000)));
  for (let n = 1; n <= 20; n += 1) bodies.of(String(n), json('x'.repeat(1_000)));
  expect(bodies.of('0', json('x'.repeat(1_000)))).not.toBe(first);
  const latest = bodies.of('20', json('x'.repeat(1_000)));
  expect(bodies.of('20', json('x'.repeat(1_000)))).toBe(latest);
});
