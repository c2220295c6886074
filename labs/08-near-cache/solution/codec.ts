/** JSON has no bigint (it throws) and no Date (it comes back as text): both go in under a name and come out again. */
export function encode(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, item: unknown) {
    // `this[key]` is the value before Date's own toJSON made text of it.
    const original = this[key];
    if (original instanceof Date) return { $date: original.toISOString() };
    return typeof item === 'bigint' ? { $bigint: item.toString() } : item;
  });
}

export function decode(text: string): unknown {
  return JSON.parse(text, (_key, item: { $date?: string; $bigint?: string } | null) => {
    if (item?.$date !== undefined) return new Date(item.$date);
    return item?.$bigint !== undefined ? BigInt(item.$bigint) : item;
  });
}
