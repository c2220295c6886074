/** A command as clients send it, an array of strings. */
export function encodeCommand(words: readonly (string | Buffer)[]): Buffer {
  const parts: Buffer[] = [Buffer.from(`*${words.length}\r\n`)];
  for (const word of words) {
    const bytes = typeof word === 'string' ? Buffer.from(word) : word;
    parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n'));
  }
  return Buffer.concat(parts);
}

/** An error reply; `text` may begin with the `-` it gets anyway. */
export function encodeError(text: string): Buffer {
  return Buffer.from(`-${text.replace(/^-/, '')}\r\n`);
}
