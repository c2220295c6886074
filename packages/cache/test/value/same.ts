import { deepStrictEqual } from 'node:assert/strict';
import { types } from 'node:util';

/**
 * Asserts that two values cannot be told apart: as `deepStrictEqual` has it, and also with the same prototypes by identity, the same order
 * of keys, and the same holes. Unlike there, one invalid Date is the same as another.
 */
export function expectSame(actual: unknown, expected: unknown): void {
  const seen = portrait(actual);
  const wanted = portrait(expected);
  deepStrictEqual(seen, wanted);
  if (!JSON.stringify(wanted).includes('"Invalid Date"')) deepStrictEqual(actual, expected);
}

/** Everything that can be seen of a value, as plain strings and arrays, which compare without any rule of their own. */
function portrait(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return [typeof value, Object.is(value, -0) ? '-0' : String(value)];
  }
  return {
    prototype: nameOfPrototype(Object.getPrototypeOf(value) as object | null),
    content: contentOf(value),
    length: Array.isArray(value) ? value.length : undefined,
    properties: types.isTypedArray(value)
      ? []
      : Object.entries(value).map(([key, property]) => [key, portrait(property)]),
  };
}

function contentOf(value: object): unknown {
  if (types.isDate(value)) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (types.isTypedArray(value)) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
  }
  if (types.isMap(value)) return [...value].map(([key, item]) => [portrait(key), portrait(item)]);
  return types.isSet(value) ? [...value].map(portrait) : undefined;
}

const names = new Map<object | null, string>([[null, 'null']]);

/** A name for each prototype there is: two classes of one name get two. */
function nameOfPrototype(prototype: object | null): string {
  let name = names.get(prototype);
  if (name === undefined) {
    name = `${prototype?.constructor.name ?? ''}#${names.size}`;
    names.set(prototype, name);
  }
  return name;
}
