import type { SqlToken } from './sql-tokens.ts';
import { keywordOf, readTokens } from './sql-tokens.ts';

/**
 * One text for all the ways of laying out a statement: a run of white space and comments is one space, hints stay. Two texts that come
 * out the same give the same rows under the same column names.
 *
 * The names are why within an item of a select list nothing changes, and no comment in the list goes: the server calls the column of
 * `1  + 1` just that, with both spaces, and takes even a comment into the name.
 *
 * A text with a backslash is left alone, since it depends on the session's sql_mode where its strings end; so is one with an
 * executable comment, since it depends on the server's version what it says. A comment with a quote or a placeholder in it stays,
 * because not every client passes over those.
 */
export function canonicalStatement(sql: string): string {
  const tokens = readTokens(sql);
  return sql.includes('\\') || tokens.some(({ kind }) => kind === 'code') ? sql : new Canonical(tokens).text;
}

/** Where a token stands: outside of any select list; in one, between items or in an item; within parentheses of an item. */
type Place = 'outside' | 'list' | 'item';

const OPENS_LIST = new Set(['SELECT', 'VALUES']);
const CLOSES_LIST = new Set(['FROM', 'WHERE', 'ORDER', 'LIMIT', 'UNION']);
const BEFORE_ITEM = new Set([...OPENS_LIST, 'ALL', 'DISTINCT']);

class Canonical {
  text = '';
  #gap = '';
  #previous: SqlToken | undefined;
  #keyword = '';
  /** One for each open parenthesis, and one for the statement. */
  readonly #places: Place[] = ['outside'];

  constructor(tokens: SqlToken[]) {
    for (const token of tokens) {
      if (token.kind === 'space' || isIdle(token)) this.#gap += token.text;
      else this.#add(token);
    }
    let end = this.text.length;
    while (end > 0 && '; '.includes(this.text.charAt(end - 1))) end--;
    this.text = this.text.slice(0, end);
  }

  get #place(): Place {
    return this.#places.at(-1) ?? 'outside';
  }

  #add(token: SqlToken): void {
    const keyword = keywordOf(token, this.#previous);
    if (this.#gap !== '' && this.text !== '') this.text += this.#writeGap(token, keyword);
    this.text += token.text;
    this.#move(token, keyword);
    this.#gap = '';
    this.#previous = token;
    this.#keyword = keyword;
  }

  #writeGap(next: SqlToken, keyword: string): string {
    if (this.#place === 'outside') return ' ';
    if (this.#place === 'item' || /[^ \t\n\v\f\r]/.test(this.#gap)) return this.#gap;
    if (isComma(this.#previous) || isComma(next)) return '';
    return BEFORE_ITEM.has(this.#keyword) || CLOSES_LIST.has(keyword) ? ' ' : this.#gap;
  }

  #move({ kind, text }: SqlToken, keyword: string): void {
    if (kind === 'sign' && text === '(') this.#places.push(this.#place === 'outside' ? 'outside' : 'item');
    if (kind === 'sign' && text === ')' && this.#places.length > 1) this.#places.pop();
    if (this.#place === 'item') return;
    if (OPENS_LIST.has(keyword)) this.#places[this.#places.length - 1] = 'list';
    if (CLOSES_LIST.has(keyword)) this.#places[this.#places.length - 1] = 'outside';
  }
}

function isIdle({ kind, text }: SqlToken): boolean {
  return kind === 'comment' && !/[?:'"`]/.test(text);
}

function isComma(token: SqlToken | undefined): boolean {
  return token?.kind === 'sign' && token.text === ',';
}

/** A readable name for a statement, such as `select-articles`: its verb and the first table it names, if it names one. */
export function nameOfStatement(code: readonly SqlToken[]): string {
  const verb = code.find(({ kind }) => kind === 'word')?.text.toLowerCase() ?? 'sql';
  const from = code.findIndex((token, index) => {
    const next = code[index + 1]?.kind;
    return TABLE_FOLLOWS.has(keywordOf(token, code[index - 1])) && (next === 'word' || next === 'quoted');
  });
  if (from === -1) return verb;
  const isQualified = code[from + 2]?.text === '.';
  const table = code[isQualified ? from + 3 : from + 1]?.text ?? '';
  return `${verb}-${table.replace(/^[`"](.*)[`"]$/, '$1').replaceAll('``', '`')}`;
}

const TABLE_FOLLOWS = new Set(['FROM', 'TABLE', 'DESCRIBE']);
