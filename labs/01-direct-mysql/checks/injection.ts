import { CallFailed, fail, orFailure, rowsOf, type Observation } from '@workshop/lab-kit';
import { count } from '../../describe.ts';
import { literalMatches, oddTerms } from '../../expected.ts';
import { concatenated, type LabCheck } from './lab-check.ts';
import { tooManyRows } from './too-many-rows.ts';

const wildcardsNotEscaped = {
  mistake: 'wildcards-not-escaped',
  leadsTo: 'A visitor who looks for "100%" gets other articles, and "%" alone reads out the table.',
  hint: String.raw`Inside LIKE, % and _ are wildcards and \ takes their meaning away, also in a placeholder's value.`,
};

const termChanged = {
  mistake: 'term-changed',
  leadsTo: 'A visitor looks for one thing and is shown another, and nothing says so.',
  hint: 'The term goes to MySQL letter by letter: nothing is trimmed, folded or left out.',
};

const syntaxError = 1064;

export const injection: LabCheck = {
  id: 'injection',
  title: 'What a visitor types never becomes SQL',
  expected: `${oddTerms.length} odd terms: each finds the sentences that contain it, letter by letter`,
  hint: 'Who turns the term into part of a statement: your template string, or the driver behind a `?`',
  hints: [
    "What does your statement look like when somebody looks for O'Brien? And which rows does LIKE find for 100%?",
    String.raw`A placeholder keeps the term out of the SQL. LIKE still reads it: a backslash goes before \, % and _.`,
    { file: 'article-store.ts', from: 'const literal', to: '];' },
  ],
  async run({ store, mysql, observe }) {
    for (const term of oddTerms) {
      const call = `search(${JSON.stringify(term)}, 50)`;
      const wanted = await literalMatches(mysql, term, 50);
      const seen = await observe(() => orFailure(store.search(term, 50)));
      const { value: rows } = seen;
      if (rows instanceof CallFailed) fail(rows.message, broken(seen) ? concatenated : {});
      const ids = (list: readonly { OBJECTID: number }[]) => list.map((row) => row.OBJECTID).join();
      if (ids(rows) !== ids(wanted)) {
        const found = `${call} found ${count(rows.length, 'row')}, expected ${wanted.length}: the sentences that contain it`;
        fail(
          found,
          /['"]/.test(term) ? concatenated : /[%_\\]/.test(term) ? wildcardsNotEscaped : termChanged,
        );
      }
      const most = Math.max(0, ...seen.selects.map(rowsOf));
      if (most > Math.max(1, wanted.length)) tooManyRows(call, most, rows.length);
    }
    return `${oddTerms.length} odd terms, each found literally`;
  },
};

function broken({ statements }: Observation): boolean {
  return statements.some(({ result }) => result && 'error' in result && result.error.code === syntaxError);
}
