import { fail, orFailure, CallFailed } from '@workshop/lab-kit';
import type { WritableStore } from '../../contract.ts';
import { articleById } from '../../expected.ts';
import { everyChange, type Change } from './changes.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { readAll, wrongReads } from './reads.ts';
import { beginningOf, mayChange, mostSteps } from './steps.ts';

export const commitLost: LabCheck = {
  id: 'commit-lost',
  title: 'When the answer to COMMIT is lost, the cache is invalidated all the same',
  expected: 'the connection breaks before the answer to each statement of a write: afterwards 0 old answers',
  hint: 'COMMIT threw. Does that mean that nothing was written? Which of the two mistakes is the cheaper one?',
  hints: [
    'The connection broke while you waited for the answer to COMMIT. Has MySQL carried it out?',
    "You can't know. Invalidating for nothing costs a query; not invalidating leaves old rows for a minute. So: once COMMIT has been sent, invalidate, whatever came back.",
    { file: 'writes.ts', from: 'isCommitting = true', to: 'cache.invalidate(tags)' },
  ],
  async run(context) {
    const { store: other } = await context.another();
    let cuts = 0;
    for (const kind of [0, 1, 2]) {
      for (let step = 0; step < mostSteps; step++) {
        const change = everyChange(context.articles, cuts + kind + 1)[kind];
        if (!change || !(await cutAt(context, other, change, step))) break;
        cuts += 1;
      }
    }
    return `3 writes, the connection lost before ${cuts} answers: 0 old answers afterwards`;
  },
};

/** @returns false when the write has no such statement */
async function cutAt(
  { store, mysql, weather, coldCache }: Context,
  other: WritableStore,
  change: Change,
  step: number,
): Promise<boolean> {
  await coldCache();
  const before = await articleById(mysql, 7);
  await readAll(other, change.reads);
  let sql: string | undefined;
  let seen = 0;
  const spell = weather.mysql.cutReply((event) => {
    if (!mayChange(event) || seen++ !== step) return false;
    sql = event.sql ?? '';
    return true;
  });
  const outcome = await orFailure(change.write(store));
  spell.stop();
  if (sql === undefined) return false;
  const [wrong] = await wrongReads(mysql, change.reads, store, other);
  if (wrong) {
    const how = outcome instanceof CallFailed ? 'rejected' : 'resolved';
    fail(
      `the connection broke before the answer to "${beginningOf(sql)}" of ${change.call}, which ${how}; then ${wrong.text}`,
      {
        mistake: 'lost-commit-not-invalidated',
        leadsTo:
          'A failover of the database in the middle of a COMMIT, and readers are shown the old row though the new one is written.',
      },
    );
  }
  const added = ((await articleById(mysql, 7))?.Readers ?? 0n) - (before?.Readers ?? 0n);
  if (added > 1n) {
    fail(
      `the connection broke before the answer to "${beginningOf(sql)}" of ${change.call}: Readers is ${added} more, expected 1 at most`,
      {
        mistake: 'done-twice',
        leadsTo: 'What may have been carried out is carried out again.',
      },
    );
  }
  return true;
}
