const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' };
const WORD =
  /[ \t-\r]*(?=[^ \t-\r])([^ \t-\r"']*)(?:"((?:\\.|[^"\\])*)"|'((?:\\'|\\(?!')|[^'\\])*)')?(?=[ \t-\r]|$)/sy;
const LAST = /[^ \t-\r][ \t-\r]*$/;

/**
 * The words of an inline command. A word may end in a quoted part: in double quotes with escapes as in C, or in single
 * quotes with none but `\'`. Undefined if the quotes do not pair up. Takes a character for each byte.
 */
export function splitInline(line: string): Buffer[] | undefined {
  const words: Buffer[] = [];
  const last = line.search(LAST);
  WORD.lastIndex = 0;
  while (WORD.lastIndex <= last) {
    const match = WORD.exec(line);
    if (match === null) return undefined;
    const [, plain = '', double = '', single = ''] = match;
    const quoted = double.replaceAll(/\\(?:x([0-9a-f]{2})|(.))/gis, unescape) + single.replaceAll("\\'", "'");
    words.push(Buffer.from(plain + quoted, 'latin1'));
  }
  return words;
}

function unescape(_: string, hex: string | undefined, letter: string): string {
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
  return ESCAPES[letter] ?? letter;
}
