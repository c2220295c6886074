import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonCodec } from '../../src/index.ts';
import { expectSame } from './same.ts';

/** How many values a property is tried with; the seed of a run that fails is printed with the value. */
const RUNS = { numRuns: 3_000 };

const roundTrip = (value: unknown) => jsonCodec.decode(jsonCodec.encode(value));

/** Keys that mean something to JSON, to prototypes or to the codec itself turn up far oftener than by chance. */
const keys = fc.oneof(
  { weight: 3, arbitrary: fc.string() },
  fc.constantFrom('__proto__', '$type', 'value', 'toJSON', 'constructor', 'length', '0', '-1'),
);

const tricky = fc.constantFrom<unknown>(
  undefined,
  null,
  -0,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  2 ** 53,
  -(2n ** 63n),
  '',
  '\uD800',
  '\u2028',
  '{"$type":"Date"}',
);

const leaves = fc.oneof(
  tricky,
  fc.date({ noInvalidDate: false }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'binary' }),
);

const anything = fc.anything({
  key: keys,
  maxDepth: 4,
  values: [leaves, fc.boolean(), fc.double(), fc.bigInt()],
  withBigInt: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  stringUnit: 'binary',
});

describe('jsonCodec, with values nobody chose', () => {
  it('gives back what it took, whatever it is', () => {
    fc.assert(
      fc.property(anything, (value) => expectSame(roundTrip(value), value)),
      RUNS,
    );
  });

  it('gives the JSON of a value that is JSON, as UTF-8, without decoding it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const bytes = jsonCodec.encode(value);
        const json = jsonCodec.json?.(bytes);
        // A number that JSON cannot say, -0, makes the value tagged.
        if (json === undefined) expect(JSON.parse(JSON.stringify(value))).not.toStrictEqual(value);
        else expectSame(JSON.parse(json.toString('utf8')), value);
      }),
      RUNS,
    );
  });

  it('never mistakes bytes that are not its own for a value, nor throws anything but its own error', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom('j', 't', 'J', 'T', ''), (noise, letter) => {
        const bytes = Buffer.concat([Buffer.from(letter), noise]);
        try {
          const value = jsonCodec.decode(bytes);
          expectSame(roundTrip(value), value);
        } catch (error) {
          expect(error).toHaveProperty('name', 'CacheDecodeError');
        }
      }),
      RUNS,
    );
  });
});
