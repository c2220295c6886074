import { CacheDecodeError } from '../errors.ts';
import { fromJsonForm, toJsonForm } from './json-form.ts';

/**
 * Turns a value into bytes and back. `decode(encode(value))` must deep-equal `value`, types included; `encode` throws
 * for what it cannot keep, `decode` for bytes it does not know (a read then counts them and loads again).
 */
export interface Codec {
  encode(value: unknown): Buffer;
  decode(bytes: Buffer): unknown;
  /**
   * The value's JSON text as UTF-8, when it stands in the stored bytes as it is: a view on them, not a copy. Undefined when
   * it does not. A codec without this method has no such values.
   */
  json?(bytes: Buffer): Buffer | undefined;
}

/**
 * The first byte names the format, so that a later format, or a stranger's value, is recognised as such: is the JSON plain or
 * tagged, and is it pure ASCII, which Node turns into a string three times as fast as UTF-8?
 */
const FORMATS = {
  j: { hasTags: false, encoding: 'latin1' },
  t: { hasTags: true, encoding: 'latin1' },
  J: { hasTags: false, encoding: 'utf8' },
  T: { hasTags: true, encoding: 'utf8' },
} as const;

/** The formats of a value that is nothing but bytes: those bytes follow the letter as they are. */
const BUFFER = 'b';
const BYTES = 'u';

/**
 * JSON, readable in redis-cli. A value that JSON keeps whole is stored as its JSON after a `j` or `J`, and read with one
 * `JSON.parse`. Any other (a Date, a bigint, a Map, undefined, NaN...) is stored after a `t` or `T`, as JSON in
 * which those parts are tagged with their type. Where text is almost all ASCII, the rest is written as `\uXXXX`.
 *
 * A value that is itself a Buffer or a Uint8Array is stored as it is after a `b` or `u`. Decoding gives a Buffer that is a view
 * on the stored bytes, so it shares their memory, and a Uint8Array that owns its memory, as a new one would.
 */
export const jsonCodec: Codec = {
  encode(value) {
    if (value instanceof Uint8Array) {
      const format = rawFormat(value);
      if (format !== undefined) return Buffer.concat([Buffer.from(format), value]);
    }
    const { json, hasTags } = toJsonForm(value);
    const text = JSON.stringify(json);
    const ascii = toAscii(text);
    if (ascii === undefined) return Buffer.from((hasTags ? 'T' : 'J') + text);
    return Buffer.from((hasTags ? 't' : 'j') + ascii, 'latin1');
  },

  decode(bytes) {
    const name = String.fromCharCode(bytes[0] ?? 0);
    if (!isFormat(name)) return decodeRaw(name, bytes);
    const { hasTags, encoding } = FORMATS[name];
    try {
      const json: unknown = JSON.parse(bytes.toString(encoding, 1));
      return hasTags ? fromJsonForm(json) : json;
    } catch (cause) {
      throw new CacheDecodeError('A stored value is not the JSON its first byte promises.', { cause });
    }
  },

  json(bytes) {
    const name = String.fromCharCode(bytes[0] ?? 0);
    // The ASCII of `j` is UTF-8 too.
    return isFormat(name) && !FORMATS[name].hasTags ? bytes.subarray(1) : undefined;
  },
};

function isFormat(name: string): name is keyof typeof FORMATS {
  return Object.hasOwn(FORMATS, name);
}

/** Undefined for a subclass of a user's own, which could not be given back. */
function rawFormat(bytes: Uint8Array): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(bytes);
  if (prototype === Buffer.prototype) return BUFFER;
  return prototype === Uint8Array.prototype ? BYTES : undefined;
}

function decodeRaw(name: string, bytes: Buffer): Uint8Array {
  if (name === BUFFER) return bytes.subarray(1);
  if (name === BYTES) return Uint8Array.from(bytes.subarray(1));
  throw new CacheDecodeError(`A stored value begins with byte ${bytes[0] ?? '(none)'}, no known format.`);
}

/** The text with all but ASCII escaped; undefined where that would make it more than a sixteenth longer. */
function toAscii(text: string): string | undefined {
  const allowance = text.length / 16;
  let added = 0;
  const ascii = text.replace(/[^\0-\x7f]/g, (unit) => {
    added += 5;
    return added > allowance ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return added > allowance ? undefined : ascii;
}
