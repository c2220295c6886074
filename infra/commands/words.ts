import { styleText } from 'node:util';

/** The width that everything printed keeps to. */
export const WIDTH = 80;

export function bold(text: string): string {
  return styleText('bold', text, { stream: process.stdout });
}

/** Rows under each other; numbers, which begin with a digit, to the right. The last column is not filled up. */
export function table(rows: readonly (readonly string[])[], indent = '  '): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [n, cell] of row.entries()) widths[n] = Math.max(widths[n] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row
        .map((cell, n) => (isNumber(cell) ? cell.padStart(widths[n] ?? 0) : cell.padEnd(widths[n] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => (line === '' ? '' : indent + line))
    .join('\n');
}

function isNumber(cell: string): boolean {
  return /^\d[\d.,]*$/.test(cell);
}

/** Breaks a text between words. A word that is longer than a line stays whole. */
export function wrap(text: string, indent = '', width = WIDTH): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, indent + line].join('\n');
}

/** Breaks the lines that are too long. Those that are set in, such as commands to copy, stay as they are. */
export function fit(text: string): string {
  return text
    .split('\n')
    .map((line) => (line.startsWith(' ') ? line : wrap(line)))
    .join('\n');
}

/** `3 h 20 min`, `45 min`, `12 s` */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days ${hours % 24} h`;
}

/** `AWS::RDS::DBInstance` as a person says it: `RDS DBInstance`. */
export function kindOf(type: string): string {
  return type.replace(/^AWS::/, '').replaceAll('::', ' ');
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
