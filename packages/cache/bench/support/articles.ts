/** A value of about `bytes` bytes as JSON, shaped like a row of the workshop's data. */
export function article(id: number, bytes = 1_024): Record<string, unknown> {
  const row = {
    id,
    title: `Article ${id}`,
    author: 'An author',
    publishDate: '2026-11-21',
    price: 19.5,
    inStock: true,
    tags: ['redis', 'mysql', 'caching'],
    description: '',
  };
  row.description = text(bytes - JSON.stringify(row).length);
  return row;
}

/** ASCII with the odd quote and line break, which JSON has to escape. */
function text(length: number): string {
  const line = 'The quick brown fox jumps over the "lazy" dog.\n';
  let escaped = 0;
  let written = '';
  for (let at = 0; escaped < length; at += 1) {
    const character = line[at % line.length]!;
    escaped += character === '"' || character === '\n' ? 2 : 1;
    written += character;
  }
  return written;
}
