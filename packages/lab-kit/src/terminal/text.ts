let segmenter: Intl.Segmenter | undefined;
/** Made when it is first needed, which most runs never do. */
function segments(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** What terminals draw two columns wide: CJK and emoji. */
const wide =
  /[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\u3000-\u303e\u30a0-\u30ff\uff01-\uff60\uffe0-\uffe6]|\ufe0f/u;
const ascii = /^[\x20-\x7e]*$/;
const marksOnly = /^[\p{M}\p{Cf}]+$/u;

/** Columns that a line takes on a terminal. */
export function textWidth(text: string): number {
  if (ascii.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of segments(text)) columns += graphemeWidth(segment);
  return columns;
}

/** Cuts a line where it has so many columns; a character that would lie across the cut goes to the rest. */
export function splitAt(text: string, width: number): [head: string, rest: string] {
  if (ascii.test(text)) return [text.slice(0, width), text.slice(width)];
  let columns = 0;
  for (const { segment, index } of segments(text)) {
    columns += graphemeWidth(segment);
    if (columns > width) return [text.slice(0, index), text.slice(index)];
  }
  return [text, ''];
}

export function padEnd(text: string, width: number, fill = ' '): string {
  return text + fill.repeat(Math.max(0, width - textWidth(text)));
}

/** Breaks text at spaces; a word longer than the width stays whole rather than be broken where it can't be copied. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line && textWidth(line) + 1 + textWidth(word) > width) {
        lines.push(line);
        line = word;
      } else line = line ? `${line} ${word}` : word;
    }
    return [...lines, line];
  });
}

/** Cuts at the end, which an ellipsis shows. */
export function clip(text: string, width: number): string {
  return textWidth(text) > width ? `${splitAt(text, Math.max(0, width - 3))[0]}...` : text;
}

/** Breaks text into lines of a width, at a space where one is near; past the last line it is cut. */
export function wrapAnywhere(text: string, width: number, mostLines: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (textWidth(rest) > width && lines.length < mostLines - 1) {
    const [head, tail] = splitAt(rest, width);
    const space = tail.startsWith(' ') ? head.length : head.lastIndexOf(' ');
    const at = space > head.length / 2 ? space : head.length;
    lines.push(rest.slice(0, at));
    rest = rest.slice(at).trimStart();
  }
  return [...lines, clip(rest, width)];
}

/**
 * What a learner's code says, made fit for a terminal: it can't move the cursor, change a colour or turn the direction of
 * writing; and where characters beyond ASCII may not arrive they are written as JavaScript escapes.
 */
export function printable(text: string, unicode: boolean): string {
  const harmless = text
    .replace(/\p{Cc}\[[\d;]*m/gu, '')
    .replaceAll('\t', '  ')
    .replaceAll('\r\n', '\n')
    .replace(/(?!\n)[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\p{Cs}]/gu, escaped);
  return unicode ? harmless : harmless.replace(/[^\n\x20-\x7e]/gu, escaped);
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

function graphemeWidth(grapheme: string): number {
  if (marksOnly.test(grapheme)) return 0;
  return wide.test(grapheme) ? 2 : 1;
}
