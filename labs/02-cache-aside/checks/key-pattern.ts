import type { SearchArgs } from './searches.ts';

/** A search that is easily found again in its key. */
export const marked: SearchArgs = ['qzjxkvw', 413];

/**
 * A search whose key would be `wanted`, going by the key of the search `marked`; undefined when there is none, or when
 * keys are no readable text.
 */
export function searchWithKey(wanted: string, keyOfMarked: string): SearchArgs | undefined {
  const [term, limit] = marked;
  const parts = keyOfMarked.split(term);
  if (parts.length !== 2 || keyOfMarked.split(String(limit)).length !== 2) return undefined;
  const pattern = parts.map((part) =>
    part
      .split(String(limit))
      .map(RegExpEscape)
      .join(String.raw`([1-9]\d{0,2})`),
  );
  const limitFirst = parts[0]?.includes(String(limit));
  const found = new RegExp(`^${pattern.join('(.*)')}$`, 's').exec(wanted);
  if (!found) return undefined;
  const [first = '', second = ''] = found.slice(1);
  const args: SearchArgs = limitFirst ? [second, Number(first)] : [first, Number(second)];
  return args[1] <= 500 ? args : undefined;
}

const RegExpEscape = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
