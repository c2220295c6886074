import { CallFailed, fail, orFailure } from '@workshop/lab-kit';
import { tablesOf } from './tables.ts';
import type { LabCheck } from './lab-check.ts';

/** What a form could send in place of a title, each the name of a column that is none of those three. */
const names = [
  'Abstract',
  'OBJECTID',
  "Title = 'taken', Abstract",
  "Title` = 'taken', `Abstract",
  "Abstract = 'taken' WHERE 1 = 1 -- ",
  "Abstract` = 'taken' WHERE 1 = 1 -- ",
  "Abstract = 'taken' # ",
];

export const columns: LabCheck = {
  id: 'columns',
  title: 'revise() changes the three columns of the contract, and no name from outside reaches SQL',
  expected: `${names.length} other names: each refused or passed over, no row changed`,
  hint: 'A placeholder stands for a value, never for the name of a column. Where do the names in your UPDATE come from?',
  hints: [
    'The type says `Title`, `Sentence`, `PublishedDate`. Who holds a request from the network to a type?',
    'Go through a list of your own of columns that may be changed, and see which of them are in `changes`; not the other way round.',
    { file: 'writes.ts', from: 'const changed = revisable', to: 'filter' },
  ],
  async run({ store, mysql }) {
    const before = await tablesOf(mysql);
    for (const name of names) {
      const outcome = await orFailure(store.revise(7, { [name]: 1234 }));
      const changed = await before.changes();
      if (!changed) continue;
      const how = outcome instanceof CallFailed ? 'rejected' : 'resolved';
      fail(`revise(7, { [${JSON.stringify(name)}]: 1234 }) ${how}, and ${changed}`, {
        mistake: 'columns-from-outside',
        leadsTo:
          'Whoever can send a form can write every column of every row: SQL injection by the name, not by the value.',
      });
    }
    return `${names.length} other names, 0 rows changed`;
  },
};
