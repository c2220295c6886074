import { fail, sameValue, type FailureDetails } from '@workshop/lab-kit';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { describe, difference, unlike } from '../../describe.ts';
import { articleById } from '../../expected.ts';
import { newArticle } from './changes.ts';
import type { Context, LabCheck } from './lab-check.ts';

/** `NOW()` is in the time zone of the server: this check is not about those. */
const dayMs = 26 * 3_600_000;
/** By each of two processes. */
const countsAtOnce = 10;

export const written: LabCheck = {
  id: 'written',
  title: 'A write changes in MySQL what it says, and nothing else',
  expected: 'publish, revise and countRead leave the rows as the contract says',
  hint: 'Compare with the contract: what each function changes, and what it returns.',
  hints: [
    'What does MySQL say of an UPDATE that finds the row and has nothing to change in it? And what becomes of a count that is read, raised in JavaScript and written back, when two do so at once?',
    "`affectedRows` counts the rows that were found, as mysql2 connects. Let MySQL do the sum: `Readers = Readers + 1` holds the row's lock.",
    { file: 'writes.ts', from: 'async countRead(id)', to: '    },' },
  ],
  async run(context) {
    await published(context);
    await revised(context);
    await counted(context);
    return `3 kinds of writes as in the contract; ${2 * countsAtOnce} counts at once: ${2 * countsAtOnce} readers more`;
  },
};

async function published({ store, mysql, articles }: Context): Promise<void> {
  const article = newArticle(articles, 1);
  await store.publish(article);
  const row = await articleById(mysql, article.OBJECTID);
  if (!row) fail(`publish() resolved, and MySQL has no article ${article.OBJECTID} with its readers`);
  const { Readers, LastReadAt, ...rest } = row;
  const wrong = difference(rest, article);
  if (wrong) fail(`after publish() ${wrong}`);
  if (Readers !== 0n) fail(`after publish() Readers is ${describe(Readers)}, expected 0n`);
  if (!isNow(LastReadAt)) fail(`after publish() LastReadAt is ${describe(LastReadAt)}, expected now`);
}

async function revised({ store, mysql }: Context): Promise<void> {
  const before = await allRows(mysql);
  const changes = { Title: 'A new title', PublishedDate: '2026-03-01' };
  for (const time of ['the first time', 'again, with the same values']) {
    returned(`revise(7, ...) ${time}`, await store.revise(7, changes), true, {
      mistake: 'changed-taken-for-found',
      leadsTo: 'Whoever saves a form without a change is told that the article is gone.',
    });
  }
  const wanted = before.map((row) => (row['OBJECTID'] === 7 ? { ...row, ...changes } : row));
  const wrong = unlike(await allRows(mysql), wanted);
  if (wrong) fail(`after revise(7, { Title, PublishedDate }), reading all articles ${wrong}`);
  await store.revise(7, { Title: '' });
  const emptied = (await articleById(mysql, 7))?.Title;
  if (emptied !== '') {
    fail(`after revise(7, { Title: '' }) Title is ${describe(emptied)}, expected the empty text`, {
      mistake: 'empty-taken-for-absent',
      leadsTo: 'A title can be replaced, and never be taken away.',
    });
  }
  returned('revise(999999, ...)', await store.revise(999_999, { Title: 'x' }), false);
}

async function counted({ store, mysql, another }: Context): Promise<void> {
  const before = await articleById(mysql, 7);
  const { store: other } = await another();
  const counts = [store, other].flatMap((each) =>
    Array.from({ length: countsAtOnce }, async () => await each.countRead(7)),
  );
  for (const found of await Promise.all(counts)) returned('countRead(7)', found, true);
  const after = await articleById(mysql, 7);
  if (!before || !after) return fail('article 7 is gone after countRead(7)');
  const added = after.Readers - before.Readers;
  if (added !== BigInt(2 * countsAtOnce)) {
    fail(
      `${2 * countsAtOnce} times countRead(7) at once, in 2 processes: Readers is ${added} more, expected ${2 * countsAtOnce}`,
      {
        mistake: 'lost-update',
        leadsTo:
          'Two who read 41 both write 42: the busier an article is, the fewer of its readers are counted.',
      },
    );
  }
  if (!isNow(after.LastReadAt))
    fail(`after countRead(7) LastReadAt is ${describe(after.LastReadAt)}, expected now`);
  const { Readers: _, LastReadAt: __, ...rest } = after;
  const { Readers: ___, LastReadAt: ____, ...wanted } = before;
  if (!sameValue(rest, wanted)) fail(`after countRead(7) ${difference(rest, wanted)}`);
  returned('countRead(999999)', await store.countRead(999_999), false);
}

function returned(call: string, value: unknown, wanted: boolean, details: FailureDetails = {}): void {
  if (!sameValue(value, wanted)) fail(`${call} returned ${describe(value)}, expected ${wanted}`, details);
}

function isNow(date: Date): boolean {
  return Math.abs(date.getTime() - Date.now()) < dayMs;
}

async function allRows(mysql: Connection): Promise<RowDataPacket[]> {
  const [rows] = await mysql.query<RowDataPacket[]>('SELECT * FROM articles ORDER BY OBJECTID');
  return rows;
}
