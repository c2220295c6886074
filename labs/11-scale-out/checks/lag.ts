import { fail } from '@workshop/lab-kit';
import { byId, readers } from '../../shared/hot-reads.ts';
import { warmUp } from '../../shared/warm-up.ts';
import { allAnswered, allWritten } from './answered.ts';
import { countRead, readsOf, revise } from './calls.ts';
import type { Context, LabCheck } from './lab-check.ts';

export const lag: LabCheck = {
  id: 'lag',
  title: 'Replicas that lag make nothing stale, and nothing a miss',
  expected:
    'replicas cut off: 4 writes are seen at once by 2 processes; a new entry costs 1 SELECT, not one a read',
  hint: 'Which of the keys that you read says whether an entry still counts, and who is asked for it?',
  hints: [
    'You write to the primary and read from its replica a millisecond later. What do you read?',
    'Ask the primary for the generation: a small key. The entry itself may come from a replica, since its key holds the generation. Not there? Then ask the primary, before MySQL.',
    { file: 'cache.ts', from: 'async function presentGenerations', to: 'lookIn(primaries' },
  ],
  async run(context) {
    const { store, another, redisCluster } = context;
    const { store: other } = await another();
    const state = 'the replicas are cut off, 4 writes resolved';
    const reads = readsOf([3, 5, 7, 11]);
    for (const each of [store, other]) {
      await warmUp(each, context);
      await allAnswered(context, reads, {
        store: each,
        where: 'for the first time',
        state: 'all nodes well',
        details: {},
      });
    }
    await redisCluster.untilReplicated();
    await redisCluster.holdReplication();
    await allWritten([...[3, 5, 7].map((id) => revise(id, `A new title of ${id}`)), countRead(11)], {
      store,
      state: 'the replicas are cut off',
    });
    const leadsTo =
      'An editor saves, sees the old text, and saves again; and how long it stays old is for the network to decide.';
    await allAnswered(context, reads, {
      store,
      where: 'in the same process',
      state,
      details: { mistake: 'own-write-unseen', leadsTo },
    });
    await allAnswered(context, reads, {
      store: other,
      where: 'in another process',
      state,
      details: { mistake: 'stale-replica', leadsTo },
    });
    await newEntriesOnce(context, other);
    return '4 writes seen at once, 1 SELECT for 5 reads of a new entry';
  },
};

/** Late commands may cost a query on a busy machine: one of some entries has to go well. */
const candidates = [byId(20), readers(21), byId(22), readers(23)];

async function newEntriesOnce(context: Context, other: Context['store']): Promise<void> {
  const { store, observe } = context;
  const seen: string[] = [];
  for (const read of candidates) {
    const { selects } = await observe(async () => {
      for (const each of [store, store, other, store, other])
        await allAnswered(context, [read], {
          store: each,
          where: 'once more',
          state: 'the replicas are cut off',
          details: {},
        });
    });
    if (selects.length <= 1) return;
    seen.push(`5 times ${read.call}, in 2 processes, expected 1 SELECT, saw ${selects.length}`);
  }
  fail(`the replicas are cut off: ${seen[0]}`, {
    mistake: 'replica-miss-loads',
    leadsTo:
      'Replicas lag when a cluster is busiest; that is when the database gets every new entry several times.',
  });
}
