import { styleText } from 'node:util';

/** How a report may look: what the terminal can show and what its reader wants. */
export interface Look {
  /** Columns. */
  width: number;
  color: boolean;
}

export type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

export function painter(look: Look): Paint {
  return (format, text) => (look.color && text ? styleText(format, text, { validateStream: false }) : text);
}

/**
 * What a stream asks for: its width (80 where it has none), and colour only on a terminal, without NO_COLOR
 * (no-color.org).
 */
export function lookOf(stream: { isTTY?: boolean; columns?: number }, env: NodeJS.ProcessEnv): Look {
  const plain = Boolean(env['NO_COLOR']) || env['TERM'] === 'dumb';
  return {
    width: Math.max(60, Math.min(stream.columns ?? 80, 120)),
    color: Boolean(env['FORCE_COLOR']) || (Boolean(stream.isTTY) && !plain),
  };
}

/** Breaks text at spaces; a word longer than the width stays whole rather than be broken where it can't be copied. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else line = line ? `${line} ${word}` : word;
    }
    return [...lines, line];
  });
}

/** Cuts at the end, which an ellipsis shows. */
export function clip(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 3))}...` : text;
}

/** Breaks text into lines of a width, at a space where one is near; past the last line it is cut. */
export function wrapAnywhere(text: string, width: number, mostLines: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width && lines.length < mostLines - 1) {
    const space = rest.lastIndexOf(' ', width);
    const at = space > width / 2 ? space : width;
    lines.push(rest.slice(0, at));
    rest = rest.slice(at).trimStart();
  }
  return [...lines, clip(rest, width)];
}
