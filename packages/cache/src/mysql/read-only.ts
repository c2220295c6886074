import { CacheOptionError } from '../errors.ts';
import type { SqlToken } from './sql-tokens.ts';
import { keywordOf } from './sql-tokens.ts';

/** What a statement may begin with. */
const READS = new Set(['SELECT', 'WITH', 'VALUES', 'TABLE', 'SHOW', 'DESCRIBE', 'DESC']);

/** The reserved words of which the first outside of parentheses says what `WITH ...` does. */
const VERBS = new Set(['SELECT', 'VALUES', 'TABLE', 'INSERT', 'REPLACE', 'UPDATE', 'DELETE']);

/** Functions that change something, or whose answer is about one connection, so that it is nobody else's. */
const EFFECTS =
  /^(GET_LOCK|RELEASE(_ALL)?_LOCKS?|NEXTVAL|SETVAL|SLEEP|BENCHMARK|LAST_INSERT_ID|FOUND_ROWS|ROW_COUNT|CONNECTION_ID)$/;

const EXCERPT_LENGTH = 120;

/**
 * Throws `CacheOptionError` for what is not one statement that only reads. It is there for mistakes, which a cache would hide: a write is
 * done once and then answered from Redis. It reads the text, so it does not know what a stored function does; a database
 * user who may only SELECT is the real wall.
 */
export function checkReadOnly(sql: string, code: readonly SqlToken[]): void {
  // Semicolons at the end separate nothing.
  const fault = faultOf(code.slice(0, code.findLastIndex(({ text }) => text !== ';') + 1));
  if (fault === undefined) return;
  const excerpt = sql.length > EXCERPT_LENGTH ? `${sql.slice(0, EXCERPT_LENGTH)}...` : sql;
  throw new CacheOptionError('sql', excerpt, `one statement that only reads (this one ${fault})`);
}

function faultOf(code: readonly SqlToken[]): string | undefined {
  if (code.some(({ kind, text }) => kind === 'sign' && text === ';')) return 'is more than one';
  const keywords = code.map((token, index) => keywordOf(token, code[index - 1]));
  const first = keywords.find((_, index) => code[index]?.text !== '(');
  if (first === undefined || !READS.has(first)) return `begins with ${first || 'no verb'}`;
  if (first === 'WITH') {
    const verb = outermost(code, keywords).find((keyword) => VERBS.has(keyword)) ?? 'SELECT';
    if (!READS.has(verb)) return `is WITH ... ${verb}`;
  }
  if (first.startsWith('DESC') && keywords[1] === 'ANALYZE') return 'runs what it describes';
  for (const [index, keyword] of keywords.entries()) {
    const next = keywords[index + 1];
    if (keyword === 'INTO') return 'has INTO';
    if (keyword === 'FOR' && (next === 'UPDATE' || next === 'SHARE')) return `locks rows FOR ${next}`;
    if (keyword === 'LOCK' && next === 'IN') return 'locks rows IN SHARE MODE';
    if (keyword === 'NEXT' && next === 'VALUE' && keywords[index + 2] === 'FOR')
      return 'takes the NEXT VALUE of a sequence';
    // In backticks it is the same function.
    const called = keyword || (code[index]?.text.replaceAll('`', '').toUpperCase() ?? '');
    if (EFFECTS.test(called) && code[index + 1]?.text === '(') return `calls ${called}()`;
    if (code[index]?.text === ':' && code[index + 1]?.text === '=') return 'assigns a variable';
  }
  return undefined;
}

/** The keywords that stand outside of all parentheses. */
function outermost(code: readonly SqlToken[], keywords: readonly string[]): string[] {
  let depth = 0;
  return keywords.filter((_, index) => {
    const { kind, text } = code[index] ?? {};
    if (kind === 'sign' && text === '(') depth++;
    if (kind === 'sign' && text === ')') depth--;
    return depth === 0;
  });
}
