import { styleText } from 'node:util';

/** How a report may look: what the terminal can show and what its reader wants. */
export interface Look {
  /** Columns. */
  width: number;
  color: boolean;
  /** For a screen reader: a sentence an event, in order; no columns, no rules, nothing that moves. */
  plain: boolean;
  /** Characters beyond ASCII arrive as they are. Ours are ASCII; a learner's data need not be. */
  unicode: boolean;
}

export type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

export function painter(look: Look): Paint {
  return (format, text) => (look.color && text ? styleText(format, text, { validateStream: false }) : text);
}

/**
 * What a stream asks for: its width (80 where it has none), and colour only on a terminal that can and without NO_COLOR
 * (no-color.org); FORCE_COLOR has the last word, WORKSHOP_PLAIN aside.
 */
export function lookOf(
  stream: { isTTY?: boolean; columns?: number },
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): Look {
  const plain = isOn(env['WORKSHOP_PLAIN']);
  const wanted = Boolean(stream.isTTY) && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const forced = env['FORCE_COLOR'];
  return {
    width: Math.max(40, Math.min(stream.columns || 80, 120)),
    color: !plain && (forced ? isOn(forced) : wanted),
    plain,
    unicode: !stream.isTTY || showsUnicode(env, platform),
  };
}

/** Older consoles of Windows, and terminals of a locale without UTF-8, print other characters in their place. */
function showsUnicode(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (platform === 'win32') return Boolean(env['WT_SESSION']) || env['TERM_PROGRAM'] === 'vscode';
  return /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '');
}

function isOn(value: string | undefined): boolean {
  return Boolean(value) && value !== '0' && value !== 'false';
}
