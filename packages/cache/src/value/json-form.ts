import { types } from 'node:util';
import { CacheDecodeError, CacheEncodeError } from '../errors.ts';

/** The property that marks a tagged part. An object of the caller's own that has it is itself wrapped in a tag. */
const TYPE = '$type';

/** The array classes that come back as themselves, each over a copy of its bytes. */
const BINARY = new Map<string, (bytes: ArrayBuffer) => unknown>([
  ['Buffer', (bytes) => Buffer.from(bytes)],
  ['Uint8Array', (bytes) => new Uint8Array(bytes)],
  ['Uint8ClampedArray', (bytes) => new Uint8ClampedArray(bytes)],
  ['Uint16Array', (bytes) => new Uint16Array(bytes)],
  ['Uint32Array', (bytes) => new Uint32Array(bytes)],
  ['Int8Array', (bytes) => new Int8Array(bytes)],
  ['Int16Array', (bytes) => new Int16Array(bytes)],
  ['Int32Array', (bytes) => new Int32Array(bytes)],
  ['Float32Array', (bytes) => new Float32Array(bytes)],
  ['Float64Array', (bytes) => new Float64Array(bytes)],
  ['BigInt64Array', (bytes) => new BigInt64Array(bytes)],
  ['BigUint64Array', (bytes) => new BigUint64Array(bytes)],
]);

/** A JSON-safe form of a value, and whether any part of it had to be tagged. */
export interface JsonForm {
  readonly json: unknown;
  readonly hasTags: boolean;
}

/**
 * Gives the JSON-safe form of `value`. What JSON keeps whole is passed on as the same object, not copied.
 * Throws `CacheEncodeError` for what would come back changed: functions, symbols, class instances, cycles.
 */
export function toJsonForm(value: unknown): JsonForm {
  const writer = new Writer();
  try {
    return { json: writer.write(value), hasTags: writer.hasTags };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CacheEncodeError('circular or nested too deeply', { cause: error });
  }
}

class Writer {
  hasTags = false;

  write(value: unknown): unknown {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : this.#tag('number', Object.is(value, -0) ? '-0' : String(value));
      case 'bigint':
        return this.#tag('bigint', String(value));
      case 'undefined':
        return this.#tag('undefined');
      case 'object':
        return value === null ? null : this.#object(value);
      default:
        throw new CacheEncodeError(`a ${typeof value}`);
    }
  }

  #tag(type: string, value?: unknown): unknown {
    this.hasTags = true;
    return { [TYPE]: type, value };
  }

  #object(value: object): unknown {
    if (Array.isArray(value)) return this.#array(value);
    const prototype: object | null = Object.getPrototypeOf(value);
    if (prototype === null) return this.#tag('bare', this.#properties({ ...value }));
    // The root prototype of any realm: its own prototype is null, and nothing stands between.
    if (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'hasOwnProperty')) {
      const json = this.#properties(value);
      return Object.hasOwn(value, TYPE) ? this.#tag('object', json) : json;
    }
    return this.#instance(value);
  }

  /** Classes go by their names, so that a class of a user's own is refused: it would come back as its parent. */
  #instance(value: object): unknown {
    const name = value.constructor?.name ?? '';
    // Every index of a typed array is a property, and looking for others would cost more than writing it.
    if (types.isTypedArray(value)) {
      if (!BINARY.has(name) || !(Buffer.isBuffer(value) || isBuiltIn(value, name)))
        throw new CacheEncodeError(`an instance of ${name}`);
      const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      return this.#tag(name, bytes.toString('base64'));
    }
    if (Reflect.ownKeys(value).length === 0) {
      if (types.isDate(value) && isBuiltIn(value, 'Date')) {
        return this.#tag('Date', Number.isNaN(value.getTime()) ? null : value.toISOString());
      }
      if (types.isMap(value) && isBuiltIn(value, 'Map'))
        return this.#tag('Map', this.#array([...value].flat(1)));
      if (types.isSet(value) && isBuiltIn(value, 'Set')) return this.#tag('Set', this.#array([...value]));
    }
    throw new CacheEncodeError(`an instance of ${name || 'a class'}`);
  }

  #array(array: readonly unknown[]): unknown {
    if (!isBuiltIn(array, 'Array')) {
      throw new CacheEncodeError(`an instance of ${array.constructor?.name || 'a class'}`);
    }
    // One key more is `length`. What has others, as a RegExp's match has, is written key by key.
    if (Reflect.ownKeys(array).length > array.length + 1) return this.#sparse(array);
    let copy: unknown[] | undefined;
    for (let index = 0; index < array.length; index++) {
      if (!(index in array)) return this.#sparse(array);
      const json = this.#child(array[index], index);
      if (json !== array[index]) {
        copy ??= [...array];
        copy[index] = json;
      }
    }
    return copy ?? array;
  }

  #sparse(array: readonly unknown[]): unknown {
    refuseSymbols(array);
    return this.#tag('sparse', [array.length, this.write(Object.fromEntries(Object.entries(array)))]);
  }

  #properties(object: object): unknown {
    refuseSymbols(object);
    // JSON.stringify would write what it gives in place of the object.
    if ('toJSON' in object && typeof object.toJSON === 'function')
      throw new CacheEncodeError('an object with a toJSON');
    let copy: Record<string, unknown> | undefined;
    for (const [key, value] of Object.entries(object)) {
      const json = this.#child(value, key);
      if (json !== value) {
        // A spread makes even `__proto__` an own property, so the assignment below cannot reach a prototype.
        copy ??= { ...object };
        copy[key] = json;
      }
    }
    return copy ?? object;
  }

  #child(value: unknown, key: string | number): unknown {
    try {
      return this.write(value);
    } catch (error) {
      throw error instanceof CacheEncodeError ? error.within(key) : error;
    }
  }
}

function refuseSymbols(object: object): void {
  if (Object.getOwnPropertySymbols(object).length > 0) {
    throw new CacheEncodeError('an object with symbols for keys');
  }
}

/** Undoes `toJsonForm` on what `JSON.parse` gave, in place. Throws `CacheDecodeError` for what it did not write. */
export function fromJsonForm(json: unknown): unknown {
  if (Array.isArray(json)) return reviveArray(json);
  if (!isRecord(json)) return json;
  return Object.hasOwn(json, TYPE) ? reviveTag(json[TYPE], json['value']) : reviveProperties(json);
}

function reviveArray(array: unknown[]): unknown[] {
  for (let index = 0; index < array.length; index++) array[index] = fromJsonForm(array[index]);
  return array;
}

function reviveProperties(object: Record<string, unknown>): Record<string, unknown> {
  // JSON.parse made every key an own property, `__proto__` too, so assigning never runs a setter.
  for (const key of Object.keys(object)) object[key] = fromJsonForm(object[key]);
  return object;
}

function reviveTag(type: unknown, value: unknown): unknown {
  if (type === 'undefined') return undefined;
  if (typeof value === 'string') return reviveText(type, value);
  if (Array.isArray(value)) return reviveCollection(type, value);
  if (isRecord(value) && type === 'object') return reviveProperties(value);
  if (isRecord(value) && type === 'bare') return Object.assign(Object.create(null), reviveProperties(value));
  if (value === null && type === 'Date') return new Date(Number.NaN);
  throw unknownTag(type);
}

function reviveText(type: unknown, text: string): unknown {
  if (type === 'number') return Number(text);
  if (type === 'bigint') return BigInt(text);
  if (type === 'Date') return new Date(text);
  const make = BINARY.get(String(type));
  if (make === undefined) throw unknownTag(type);
  // Copied out of Node's shared pool, because a view must own its memory and begin at a multiple of its element's size.
  return make(Uint8Array.from(Buffer.from(text, 'base64')).buffer);
}

function reviveCollection(type: unknown, array: unknown[]): unknown {
  const items = reviveArray(array);
  if (type === 'Set') return new Set(items);
  if (type === 'sparse') return reviveSparse(items);
  if (type !== 'Map') throw unknownTag(type);
  const map = new Map<unknown, unknown>();
  for (let index = 0; index < items.length; index += 2) map.set(items[index], items[index + 1]);
  return map;
}

function reviveSparse([length, properties]: unknown[]): unknown[] {
  const array: unknown[] = [];
  array.length = Number(length);
  for (const [key, value] of Object.entries(Object(properties))) {
    // Defined, not assigned, so that a key such as `__proto__` is a property like any other.
    Object.defineProperty(array, key, { value, writable: true, enumerable: true, configurable: true });
  }
  return array;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownTag(type: unknown): CacheDecodeError {
  return new CacheDecodeError(`A stored value has a part of the unknown type ${JSON.stringify(type)}.`);
}

/** Whether it was made by the class of this name that comes with JavaScript, in this realm or another, and not by a namesake. */
function isBuiltIn(value: object, name: string): boolean {
  const make: unknown = value.constructor;
  if (typeof make !== 'function' || make.name !== name) return false;
  return make === BUILT_IN.get(name) || Function.prototype.toString.call(make).includes('[native code]');
}

const BUILT_IN = new Map<string, unknown>([
  ['Array', Array],
  ['Date', Date],
  ['Map', Map],
  ['Set', Set],
]);
