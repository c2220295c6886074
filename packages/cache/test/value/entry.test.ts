import { constants, deflateRawSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CacheDecodeError } from '../../src/index.ts';
import type { EntryHeader } from '../../src/value/entry.ts';
import { readEntry, writeEntry } from '../../src/value/entry.ts';
import { makeCache } from '../support.ts';
import { UNHURRIED } from '../support-time.ts';

const payload = Buffer.from('j[1]');

/** Any header but for the time a load took, which is rounded to a microsecond. */
const header: fc.Arbitrary<EntryHeader> = fc.record(
  {
    loadedAt: fc.integer({ min: 0, max: 2 ** 45 }),
    freshMs: fc.integer({ min: 1, max: 2 ** 45 }),
    loadMs: fc.integer({ min: 0, max: 100_000 }),
    stamps: fc.dictionary(fc.string({ unit: 'binary' }), fc.uuid()),
  },
  { requiredKeys: [] },
);

describe('an entry', () => {
  it('without a header is the codec’s bytes and nothing else', () => {
    expect(writeEntry(undefined, payload)).toBe(payload);
    expect(readEntry(payload)).toEqual({ header: {}, payload });
  });

  it('with a header has it before the bytes, as JSON on a line', () => {
    const written = writeEntry({ loadedAt: 5, freshMs: 7, loadMs: 1.23456, stamps: { a: 's' } }, payload);
    expect(written.toString()).toBe('@{"at":5,"ms":7,"took":1.235,"tags":{"a":"s"}}\nj[1]');
    expect(readEntry(written)).toEqual({
      header: { loadedAt: 5, freshMs: 7, loadMs: 1.235, stamps: { a: 's' } },
      payload,
    });
  });

  it('of any bytes and any header can be read back, compressed or not', () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(
        fc.option(header, { nil: undefined }),
        bytes,
        fc.constantFrom(Infinity, 0, 20),
        (given, body, from) => {
          const read = readEntry(writeEntry(given, body, from));
          expect(read.payload.equals(body)).toBe(true);
          expect(read.header).toEqual(given ?? {});
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('whose own bytes begin like a header is told from one', () => {
    const tricky = Buffer.from('@{"at":1}\nj[1]');
    expect(readEntry(writeEntry(undefined, tricky))).toEqual({ header: {}, payload: tricky });
  });

  it.each([
    ['no line break', '@{"at":1}'],
    ['nothing', '@'],
    ['no JSON', '@at=1\nj[1]'],
    ['a list', '@[1]\nj[1]'],
    ['null', '@null\nj[1]'],
    ['a number', '@5\nj[1]'],
    ['times that are text', '@{"at":"1"}\nj[1]'],
    ['stamps that are a text', '@{"tags":"a"}\nj[1]'],
    ['stamps that are no texts', '@{"tags":{"a":1}}\nj[1]'],
    ['compressed bytes that are not', '@{"zip":true}\nj[1]'],
    [
      'compressed bytes cut short',
      `@{"zip":true}\n${deflateRawSync('x'.repeat(99)).toString('latin1', 0, 3)}`,
    ],
  ])('that is damaged (%s) throws CacheDecodeError', (_name, text) => {
    expect(() => readEntry(Buffer.from(text, 'latin1'))).toThrow(CacheDecodeError);
  });

  it('that would grow without bounds is refused', () => {
    // A mebibyte of zeros that can be repeated, as its last block is not marked as such, and what is.
    const part = deflateRawSync(Buffer.alloc(2 ** 20), { finishFlush: constants.Z_FULL_FLUSH });
    const end = deflateRawSync(Buffer.alloc(0));
    const grown = (mebibytes: number) =>
      Buffer.concat([Buffer.from('@{"zip":true}\n'), ...Array.from({ length: mebibytes }, () => part), end]);
    expect(readEntry(grown(3)).payload).toHaveLength(3 * 2 ** 20);
    const bomb = grown(513);
    expect(bomb.length).toBeLessThan(2 ** 20);
    expect(() => readEntry(bomb)).toThrow(CacheDecodeError);
  });
});

describe('compress', () => {
  it('makes what is stored smaller, and gives back the same', async () => {
    const { cache, redis, prefix } = makeCache({ ...UNHURRIED, compress: { fromBytes: 1_000 } });
    const rows = Array.from({ length: 200 }, (_, id) => ({
      id,
      at: new Date(id),
      title: `the title of row ${id}`,
    }));
    const answer = await cache.getOrLoadWithOutcome('key', () => rows, { ttlMs: 60_000 });
    const bytes = await redis.strlen(`${prefix}:key`);
    expect(answer).toMatchObject({ storing: { stored: true, bytes } });
    expect(bytes * 3).toBeLessThan(JSON.stringify(rows).length);
    expect(await cache.getOrLoad('key', () => [], { ttlMs: 60_000 })).toStrictEqual(rows);
    expect(cache.stats()).toMatchObject({ bytesWritten: bytes, bytesRead: bytes });
  });

  it('leaves alone what is below the size, and what does not get smaller', async () => {
    const { cache, redis, prefix } = makeCache({ ...UNHURRIED, compress: { fromBytes: 100 } });
    await cache.set('short', 'a'.repeat(90), { ttlMs: 60_000 });
    expect(await redis.get(`${prefix}:short`)).toBe(`j"${'a'.repeat(90)}"`);
    await cache.set('dense', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), { ttlMs: 60_000 });
    expect(await redis.strlen(`${prefix}:dense`)).toBe(257);
  });

  it('may be turned on and off: both kinds are read by both', async () => {
    const plain = makeCache(UNHURRIED);
    const packed = makeCache({ ...UNHURRIED, prefix: plain.prefix, compress: { fromBytes: 0 } });
    const value = 'text '.repeat(1_000);
    await plain.cache.set('plain', value, { ttlMs: 60_000 });
    await packed.cache.set('packed', value, { ttlMs: 60_000, tags: ['tag'] });
    expect(await packed.cache.get('plain')).toMatchObject({ outcome: 'hit', value });
    expect(await plain.cache.get('packed')).toMatchObject({ outcome: 'hit', value });
  });
});

describe('a damaged entry in Redis', () => {
  it.each(['@', '@{}', '@{"tags":{"a":1}}\nj1', '@{"zip":true}\nj1', '@{"at":1,"ms":1e300}\nz1'])(
    '(%j) is a miss, counted, and is written over',
    async (stored) => {
      const { cache, redis, prefix } = makeCache(UNHURRIED);
      await redis.set(`${prefix}:key`, stored, 'PX', 60_000);
      const answer = await cache.getOrLoadWithOutcome('key', () => 'new', { ttlMs: 60_000 });
      expect(answer).toMatchObject({ outcome: 'miss', reason: 'undecodable', storing: { stored: true } });
      expect(cache.stats().errors.decode).toBe(1);
      expect(await cache.get('key')).toMatchObject({ outcome: 'hit', value: 'new' });
    },
  );
});
