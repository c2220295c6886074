import { inspect } from 'node:util';

/** Characters of a value in a line of the transcript or a message. */
const longest = 40;

/** A call as it is written: `search('delta', 10)`. */
export function describeCall(method: string, args: readonly unknown[]): string {
  return `${method}(${args.map(describeValue).join(', ')})`;
}

/** What a call returned, in a word or two: an array by its length, an object as such. */
export function describeReply(value: unknown): string {
  if (Array.isArray(value)) return `${value.length} row${value.length === 1 ? '' : 's'}`;
  return value !== null && typeof value === 'object' ? 'an object' : describeValue(value);
}

function describeValue(value: unknown): string {
  const line = inspect(value, {
    depth: 1,
    breakLength: Infinity,
    maxArrayLength: 3,
    maxStringLength: longest,
  });
  return line.length > longest ? `${line.slice(0, longest - 3)}...` : line;
}
