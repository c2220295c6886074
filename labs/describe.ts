/** A value as a message shows it: with its type, since that is often what differs, and never long. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Date) return `the Date ${value.toISOString()}`;
  const text = JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item));
  const short = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return `the ${Array.isArray(value) ? 'array' : typeof value} ${short}`;
}

/** The first column in which two rows differ, in words; undefined when they are equal. */
export function difference(got: object, wanted: object): string | undefined {
  const keys = [...new Set([...Object.keys(wanted), ...Object.keys(got)])];
  const entry = (row: object, key: string) => (row as Record<string, unknown>)[key];
  const key = keys.find((name) => describe(entry(got, name)) !== describe(entry(wanted, name)));
  return key && `${key} is ${describe(entry(got, key))}, expected ${describe(entry(wanted, key))}`;
}
