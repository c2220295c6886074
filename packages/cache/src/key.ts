import { CacheOptionError } from './errors.ts';

/** What a key may be built from. */
export type KeyPart = string | number | bigint | boolean | null | undefined;

/**
 * Joins parts into one readable key, such as `search:delta:500`. Two lists of parts give the same key only
 * when they are equal part by part, type included: `['a:b', 'c']`, `['a', 'b:c']` and `['a', 'b', 'c']` are three keys,
 * and so are `[1]` and `['1']`.
 *
 * Throws `CacheOptionError` for an empty list, or for a part of another type (an object has no canonical form here).
 */
export function cacheKey(parts: readonly KeyPart[]): string {
  if (parts.length === 0) throw new CacheOptionError('cacheKey parts', parts, 'a list of at least one part');
  return parts.map(writePart).join(':');
}

function writePart(part: KeyPart, index: number): string {
  if (typeof part === 'string') return needsQuotes(part) ? `"${escapePart(part)}"` : escapePart(part);
  if (typeof part === 'bigint') return `${part}n`;
  if (Object.is(part, -0)) return '-0';
  if (part === null || part === undefined || typeof part === 'number' || typeof part === 'boolean') {
    return String(part);
  }
  throw new CacheOptionError(
    `cacheKey part ${index}`,
    part,
    'a string, number, bigint, boolean, null or undefined',
  );
}

/** A string that reads like a part of another type stands in quotes, or `'500'` and `500` would share a key. */
function needsQuotes(text: string): boolean {
  return text === '' || OTHER_TYPES.has(text) || /^-?\d+n$/.test(text) || String(Number(text)) === text;
}

const OTHER_TYPES = new Set(['-0', 'true', 'false', 'null', 'undefined']);

/**
 * Escapes what has a meaning in a key: the separator, the quote, the escape sign itself, the braces of a Redis
 * Cluster hash tag (a visitor's `{x}` must not choose the slot), and all that a terminal would not show as itself.
 */
function escapePart(text: string): string {
  return text.replace(/[\p{C}\p{Z}:"%{}]/gu, (character) =>
    // A lone surrogate has no UTF-8 form: written as it is, Redis would receive U+FFFD for every one of them.
    /\p{Cs}/u.test(character)
      ? `%u${character.charCodeAt(0).toString(16)}`
      : [...Buffer.from(character)]
          .map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`)
          .join(''),
  );
}
