import { CallFailed, errorOf, fail, orFailure, type MysqlEvent } from '@workshop/lab-kit';
import { oneLine, type LabCheck } from './lab-check.ts';

const bad = [0, -1, 501, 100_000, 2.5, Number.NaN, Infinity, '5; DROP TABLE articles', '5 UNION SELECT 1'];

export const limit: LabCheck = {
  id: 'limit',
  title: 'No limit outside 1 to 500 reaches MySQL',
  expected: 'limits outside 1 to 500: a RangeError before MySQL is asked, or cut to that range',
  hint: 'Check `limit` before you use it: a whole number, 1 to 500. Everything else is a RangeError.',
  hints: [
    'The limit comes from the address bar. What happens at ?limit=1000000, and at ?limit=abc?',
    '`Number.isInteger(limit)` and two comparisons, before the query. A TypeScript type checks nothing while the program runs.',
    { file: 'article-store.ts', from: 'if (!Number.isInteger(limit)', to: '}' },
  ],
  async run({ store, observe }) {
    for (const value of bad) {
      const call = `search(' ', ${typeof value === 'string' ? `'${value}'` : value})`;
      const seen = await observe(() => orFailure(store.search(' ', value as number)));
      const failure = seen.value instanceof CallFailed ? seen.value : undefined;
      const returned = seen.value instanceof CallFailed ? 0 : seen.value.length;
      // Refused, or cut to the range: both are right, and then so is one row for 0.
      const most = typeof value === 'number' && value < 500 ? Math.max(1, Math.ceil(value)) : 500;
      if (seen.rowsRead > 2 * 500 || returned > most) {
        fail(`${call} brought ${seen.rowsRead} rows from MySQL and returned ${returned}`, {
          mistake: 'unbounded-limit',
          leadsTo: 'One request with ?limit=1000000 fills the memory of the process and ends it for all.',
        });
      }
      const asItIs = seen.statements.find((event) => limitsSent(event).includes(String(value)));
      // Refused, but only after MySQL had been asked.
      const late = failure && seen.selects[0];
      if (asItIs || late || seen.statements.some(errorOf)) {
        fail(`${call} reached MySQL: ${oneLine((asItIs ?? seen.statements.at(-1))?.sql ?? '')}`, {
          mistake: 'limit-not-checked',
          leadsTo: 'A limit is text from the address bar. What is not checked here is left to luck there.',
        });
      }
      if (failure && typeof value === 'number' && !failure.remote.name.includes('Range')) {
        fail(`${call} failed with ${failure.remote.name}: ${failure.remote.message}`, {
          mistake: 'not-a-range-error',
          leadsTo: 'Whoever calls can tell a wrong limit from a fault of the server by its name only.',
        });
      }
    }
    return `${bad.length} bad limits, none of them run`;
  },
};

/** What a statement has as its limit: every bound value, and what stands behind LIMIT in the text. */
function limitsSent(event: MysqlEvent): string[] {
  const inText = /\blimit\s+'?(.*?)'?\s*;?\s*$/is.exec(event.sql ?? '')?.[1];
  return [...(event.params ?? []).map(String), ...(inText === undefined ? [] : [inText])];
}
