import type { Redis } from 'ioredis';

export type SearchArgs = readonly [term: string, limit: number];

/** As a message shows it, the end of a long term. */
export function describeSearch([term, limit]: SearchArgs): string {
  return `search(${JSON.stringify(term.length > 30 ? `...${term.slice(-27)}` : term)}, ${limit})`;
}

/** Of all that Redis holds; what stands in a hash by key and field. */
export async function entryNames(redis: Redis): Promise<string[]> {
  const names = [];
  for (const bytes of await redis.keysBuffer('*')) {
    // Keys may be bytes and no text: a character for each.
    const key = bytes.toString('latin1');
    const fields = (await redis.type(bytes)) === 'hash' ? await redis.hkeysBuffer(bytes) : [];
    if (fields.length === 0) names.push(key);
    names.push(...fields.map((field) => `${key}\0${field.toString('latin1')}`));
  }
  return names;
}
