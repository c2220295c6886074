/**
 * A piece of a statement. `comment`: a plain comment. `hint`: an optimizer hint. `code`: a comment whose content the server runs.
 * `quoted`: a string or a quoted identifier. `word`: a keyword, name or number. `sign`: any other character.
 */
export interface SqlToken {
  readonly kind: 'space' | 'comment' | 'hint' | 'code' | 'quoted' | 'word' | 'sign';
  readonly text: string;
}

/**
 * The lexical rules that MySQL and MariaDB share. The groups are named for the kinds and tried in this order. What is not closed
 * ends with the statement, so that every text has tokens, which joined are the text.
 *
 * `--` opens a comment only before a space or a control character: `5--3` is 8. A backslash escapes within strings, unless the session's
 * NO_BACKSLASH_ESCAPES is on, of which a text tells nothing.
 */
const TOKEN = new RegExp(
  [
    String.raw`(?<space>[ \t\n\v\f\r]+)`,
    String.raw`(?<hint>/\*\+[^]*?(?:\*/|$))`,
    String.raw`(?<code>/\*M?![^]*?(?:\*/|$))`,
    String.raw`(?<comment>/\*[^]*?(?:\*/|$)|(?:#|--(?=[\x00-\x20\x7f]|$))[^\n]*\n?)`,
    String.raw`(?<quoted>'(?:[^'\\]+|''|\\[^])*(?:'|\\?$)|"(?:[^"\\]+|""|\\[^])*(?:"|\\?$)|${'`(?:[^`]+|``)*(?:`|$)'})`,
    String.raw`(?<word>\d+\.\d*|[\w$\x80-\uffff]+)`,
    String.raw`(?<sign>[^])`,
  ].join('|'),
  'gy',
);

export function readTokens(sql: string): SqlToken[] {
  return Array.from(sql.matchAll(TOKEN), ({ 0: text, groups = {} }) => ({ kind: kindOf(groups), text }));
}

/** The tokens that the server acts on: without spaces and comments, and with the content of executable comments. */
export function readCode(sql: string, depth = 0): SqlToken[] {
  return readTokens(sql).flatMap((token) => {
    // No server takes comments within comments within comments; what is left of them is no statement.
    if (token.kind === 'code' && depth < MAX_DEPTH) {
      return readCode(token.text.replace(/^\/\*M?!\d*/, '').replace(/\*\/$/, ''), depth + 1);
    }
    return token.kind === 'space' || token.kind === 'comment' || token.kind === 'hint' ? [] : [token];
  });
}

/** A word in capitals; '' for what cannot be a keyword: `t.from`, `@from` and `:from` are names. */
export function keywordOf(token: SqlToken | undefined, previous: SqlToken | undefined): string {
  if (token?.kind !== 'word') return '';
  return previous?.kind === 'sign' && '.@:'.includes(previous.text) ? '' : token.text.toUpperCase();
}

function kindOf(groups: Record<string, string | undefined>): SqlToken['kind'] {
  for (const kind of KINDS) if (groups[kind] !== undefined) return kind;
  return 'sign';
}

const MAX_DEPTH = 8;

const KINDS = ['space', 'word', 'quoted', 'comment', 'hint', 'code'] as const;
