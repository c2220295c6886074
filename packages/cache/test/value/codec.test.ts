import { assert, describe, expect, it } from 'vitest';
import { deepStrictEqual } from 'node:assert/strict';
import { CacheDecodeError, CacheEncodeError, jsonCodec } from '../../src/index.ts';
import { expectSame } from './same.ts';

const ownProto: unknown = JSON.parse('{"__proto__": {"admin": true}, "at": 1}');

const KEPT: Record<string, unknown> = {
  'a string': 'söta 漢字 \u{1F600} \uD800 "quotes" \n',
  'an empty string': '',
  zero: 0,
  'minus zero': -0,
  NaN: Number.NaN,
  infinities: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  booleans: [true, false],
  null: null,
  undefined: undefined,
  'a bigint': 9_007_199_254_740_993n,
  'a Date': new Date('2026-02-28T23:59:59.999Z'),
  'a Date before the common era': new Date(-1e14),
  'a Buffer': Buffer.from([0, 255, 10, 13]),
  'an empty Buffer': Buffer.alloc(0),
  'a Uint8Array': Uint8Array.of(1, 2, 3),
  'an empty Uint8Array': new Uint8Array(),
  'a view on a part of a Buffer': Buffer.from('before, within, after').subarray(8, 14),
  'a Float64Array at an odd offset': new Float64Array(new Float64Array([1.5, -2.5, 3.5]).buffer, 8),
  'a BigInt64Array': BigInt64Array.of(-1n, 2n),
  'a Map': new Map<unknown, unknown>([
    [1, 'number'],
    ['1', 'string'],
    [{ deep: new Date(0) }, [undefined, new Set([1n])]],
    [['an', 'array'], new Map()],
  ]),
  'a Set': new Set<unknown>([1, '1', null, undefined, [2]]),
  'rows as mysql2 gives them': [
    {
      id: 1,
      at: new Date(0),
      blob: Buffer.from('x'),
      big: 2n ** 63n,
      price: '12.50',
      none: null,
      tags: ['a'],
    },
    { id: 2, at: new Date(1), blob: Buffer.from('y'), big: -1n, price: '0.00', none: null, tags: [] },
  ],
  'an undefined property': { a: undefined, b: [undefined] },
  'a sparse array': Object.assign([], { 1: 'one', length: 4 }),
  "a RegExp's match": /(?<year>\d+)-(\d)/.exec('on 2026-02-28'),
  'an array with keys of its own': Object.assign([1, 2], { $type: 'Date', more: new Date(0) }),
  'an array with a hole and a key of its own': Object.assign([], { 0: 'a', 2: 'c', more: true }),
  'an array with a key named __proto__': Object.defineProperty([1], '__proto__', {
    value: { admin: true },
    enumerable: true,
  }),
  'an invalid Date': new Date(Number.NaN),
  'an invalid Date in a Map': new Map([[new Date(Number.NaN), new Date(8.64e15)]]),
  'Dates for keys and members': new Map<unknown, unknown>([[new Date(0), new Set([new Date(1)])]]),
  'an object without a prototype': Object.assign(Object.create(null), { a: 1, when: new Date(0) }),
  "an object with the tag's own name": { $type: 'Date', value: 'not a date', inner: { $type: 1n } },
  'a key named __proto__': ownProto,
  'a key named __proto__ beside a Date': Object.assign(structuredClone({ when: new Date(0) }), {
    nested: ownProto,
  }),
};

describe('jsonCodec', () => {
  it.each(Object.entries(KEPT))('gives back %s as it was', (_name, value) => {
    expectSame(jsonCodec.decode(jsonCodec.encode(value)), value);
    expectSame(jsonCodec.decode(jsonCodec.encode({ within: [value] })), { within: [value] });
  });

  it('stores bytes as they are, after a letter for their class', () => {
    const png = Buffer.from('89504e470d0a1a0a', 'hex');
    deepStrictEqual(jsonCodec.encode(png), Buffer.concat([Buffer.from('b'), png]));
    deepStrictEqual(jsonCodec.encode(Uint8Array.from(png)), Buffer.concat([Buffer.from('u'), png]));
  });

  it('decodes a Buffer as a view on the stored bytes, and a Uint8Array as one with memory of its own', () => {
    const buffer = jsonCodec.encode(Buffer.from('abc'));
    const viewed = jsonCodec.decode(buffer);
    const array = jsonCodec.encode(Uint8Array.of(1, 2, 3));
    const owned = jsonCodec.decode(array);
    assert(viewed instanceof Uint8Array && owned instanceof Uint8Array);
    expect(viewed.buffer).toBe(buffer.buffer);
    expect(owned.buffer.byteLength).toBe(3);
  });

  it('does not take over the memory of the bytes it was given', () => {
    const original = Buffer.from('abc');
    const stored = jsonCodec.encode(original);
    original.fill('x');
    expect(stored.toString()).toBe('babc');
  });

  it("gives a value's JSON out of the stored bytes without a copy, where it stands there", () => {
    const rows = [{ id: 1, city: 'Đồng Nai' }];
    for (const value of [rows, '三角洲'.repeat(10), null, 0]) {
      const stored = jsonCodec.encode(value);
      const json = jsonCodec.json?.(stored);
      assert(json !== undefined);
      expect(json.buffer).toBe(stored.buffer);
      deepStrictEqual(JSON.parse(json.toString('utf8')), value);
    }
    const others = [new Date(0), ['三角洲'.repeat(10), undefined], Buffer.from('{}'), Uint8Array.of(0x6a)];
    for (const value of others) expect(jsonCodec.json?.(jsonCodec.encode(value))).toBeUndefined();
    expect(jsonCodec.json?.(Buffer.alloc(0))).toBeUndefined();
  });

  it('stores what JSON keeps as that JSON, after a byte that names the format', () => {
    const rows = [{ OBJECTID: 1, Sentence: 'the Po delta', DOI: null }];
    expect(jsonCodec.encode(rows).toString()).toBe(`j${JSON.stringify(rows)}`);
    expect(jsonCodec.encode(undefined).toString()).toBe('t{"$type":"undefined"}');
  });

  it('escapes a few letters beyond ASCII, and keeps a text full of them as UTF-8', () => {
    const mostly = `${'delta '.repeat(100)}Đồng Nai \u{1F600}`;
    expect(jsonCodec.encode(mostly).toString('latin1')).toMatch(
      /^j"(delta )+\\u0110\\u1ed3ng Nai \\ud83d\\ude00"$/,
    );
    const full = '三角洲'.repeat(10);
    expect(jsonCodec.encode(full).toString()).toBe(`J"${full}"`);
    const tagged = [new Date(0), full];
    expect(jsonCodec.encode(tagged).toString()).toMatch(/^T\[/);
    for (const value of [mostly, full, tagged])
      deepStrictEqual(jsonCodec.decode(jsonCodec.encode(value)), value);
  });

  it('leaves the value it was given alone', () => {
    const value = { at: new Date(0), list: [undefined, { big: 1n }] };
    jsonCodec.encode(value);
    deepStrictEqual(value, { at: new Date(0), list: [undefined, { big: 1n }] });
  });

  class Packet extends Uint8Array {}
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;

  it.each<[string, unknown, RegExp]>([
    ['a function', { rows: [{ f: () => 1 }] }, /^The value at rows\.0\.f is a function/],
    ['a symbol', Symbol('x'), /^The value is a symbol/],
    ['a symbol for a key', { [Symbol('x')]: 1 }, /symbols for keys/],
    ['a class instance', { url: new URL('http://localhost') }, /^The value at url is an instance of URL/],
    ['a promise that was not awaited', [Promise.resolve(1)], /^The value at 0 is an instance of Promise/],
    ['a subclass of Array', [new (class Rows extends Array {})()], /^The value at 0 is an instance of Rows/],
    ['a subclass of Buffer', Object.setPrototypeOf(Buffer.from('x'), Packet.prototype), /instance of Packet/],
    ['a subclass of Map', new (class Index extends Map {})(), /an instance of Index/],
    ['a Date with a property', Object.assign(new Date(0), { zone: 'Z' }), /an instance of Date/],
    ['an array with a symbol for a key', Object.assign([1], { [Symbol('x')]: 1 }), /symbols for keys/],
    ['an ArrayBuffer', new ArrayBuffer(1), /an instance of ArrayBuffer/],
    ['a boxed number', [Object(1)], /an instance of Number/],
    ['a subclass of Date', new (class Moment extends Date {})(), /an instance of Moment/],
    ['an Error', new Error('x'), /an instance of Error/],
    ['a cycle', circular, /circular or nested too deeply/],
  ])('refuses %s and says where it is', (_name, value, message) => {
    expect(() => jsonCodec.encode(value)).toThrow(CacheEncodeError);
    expect(() => jsonCodec.encode(value)).toThrow(message);
  });

  it.each([
    ['nothing', ''],
    ['plain JSON of another program', '{"a":1}'],
    ['JSON that was cut short', 'j{"a":'],
    ['a tag of a later version', 't{"$type":"Temporal","value":"x"}'],
    ['a tag with a value of another kind', 't{"$type":"Map","value":{}}'],
    ['an array longer than any', 't{"$type":"sparse","value":[4294967296,{}]}'],
    ['a bigint that is none', 't{"$type":"bigint","value":"1.5"}'],
  ])('does not decode %s', (_name, text) => {
    expect(() => jsonCodec.decode(Buffer.from(text))).toThrow(CacheDecodeError);
  });

  it('decodes a key named __proto__ without touching any prototype', () => {
    const decoded = jsonCodec.decode(Buffer.from('t{"__proto__":{"$type":"undefined"},"a":1}'));
    assert(typeof decoded === 'object' && decoded !== null);
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect(Object.keys(decoded)).toEqual(['__proto__', 'a']);
  });
});
