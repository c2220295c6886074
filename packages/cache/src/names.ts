/**
 * The names of things in Redis. `articles` is the cache's prefix:
 *
 * - `articles:KEY`: a value
 * - `articles:lease:{articles:KEY}`: who is loading it. The hash tag, all that stands in braces, is the value's own name, so a cluster
 *   keeps the two in one slot, and one script may touch both.
 * - `articles:tag:{NAME}`: the stamp of a tag
 */
export interface Names {
  readonly value: (key: string) => string;
  /** What follows the prefix in it. */
  readonly key: (key: string) => string;
  readonly tag: (tag: string) => string;
}

export function namesUnder(prefix: string): Names {
  return {
    value: (key) => `${prefix}:${escapeText(key)}`,
    key: escapeText,
    tag: (tag) => `${prefix}:tag:{${escapeText(tag)}}`,
  };
}

/** `valueName` has no braces, or the tag would end early. */
export function leaseOf(valueName: string, prefix: string): string {
  return `${prefix}:lease:{${valueName}}`;
}

const ESCAPES = new Map([
  ['{', '%('],
  ['}', '%)'],
  ['(', '('],
  [')', ')'],
  ['<', '<'],
]);

function surrogate(half: string): string {
  return `%<${half.charCodeAt(0).toString(16)}`;
}

/**
 * Braces would change the slot; half of a surrogate pair has no UTF-8 form, and Redis would receive U+FFFD for each of them; and what is
 * written like one of the escapes for these must not become one.
 */
const KEY_NEEDS_ESCAPE = /[{}\p{Cs}]|%[()<]/u;

/**
 * Writes `{` and `}` as `%(` and `%)`, and half a surrogate pair as `%<` and its four hexadecimal digits. Each `%` that already stands before
 * any of these is doubled, so that two texts never become one: an odd number of them makes an escape.
 */
function escapeText(text: string): string {
  return KEY_NEEDS_ESCAPE.test(text) ? escapeAll(text) : text;
}

function escapeAll(text: string): string {
  // One pass: a run of percent signs is matched together with what follows it, and never tried again.
  return text.replace(/(%*)([(){}<\p{Cs}]?)/gu, (_, percents: string, sign: string) =>
    sign === '' ? percents : percents + percents + (ESCAPES.get(sign) ?? surrogate(sign)),
  );
}
