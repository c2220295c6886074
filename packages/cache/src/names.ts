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
  readonly tag: (tag: string) => string;
}

export function namesUnder(prefix: string): Names {
  return {
    value: (key) => `${prefix}:${KEY_NEEDS_ESCAPE.test(key) ? escapeBraces(key) : key}`,
    tag: (tag) => `${prefix}:tag:{${escapeBraces(tag)}}`,
  };
}

/** `valueName` has no braces, or the tag would end early. */
export function leaseOf(valueName: string, prefix: string): string {
  return `${prefix}:lease:{${valueName}}`;
}

/** A key that is written like one of the cache's own names must not become one. */
const KEY_NEEDS_ESCAPE = /[{}]|%[()]/;

/**
 * Writes `{` and `}` as `%(` and `%)`. Each `%` that already stands before a bracket of either kind is doubled, so that two texts
 * never become one: an odd number of them makes a brace.
 */
function escapeBraces(text: string): string {
  return text.replace(/%+(?=[(){}])|[{}]/g, (part) =>
    part === '{' ? '%(' : part === '}' ? '%)' : part + part,
  );
}
