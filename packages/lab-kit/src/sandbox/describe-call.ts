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
  const text =
    typeof value === 'string'
      ? `'${value}'`
      : value !== null && typeof value === 'object'
        ? JSON.stringify(value)
        : String(value);
  const line = text.replace(/[\p{Cc}]/gu, '·');
  return line.length > longest ? `${line.slice(0, longest - 4)}...'` : line;
}
