import { fail } from '@workshop/lab-kit';
import { byId, search } from '../../shared/hot-reads.ts';
import { warmUp } from '../../shared/warm-up.ts';
import { allAnswered, allWritten } from './answered.ts';
import { countRead, publish, readsOf, revise } from './calls.ts';
import { crossSlotDetails } from './every-node.ts';
import { errorsOf, refused } from './errors.ts';
import type { LabCheck } from './lab-check.ts';

const newId = 900_001;

export const writes: LabCheck = {
  id: 'writes',
  title: 'A write is seen at once on whichever nodes its entries are',
  expected: 'publish, 4 times revise, 2 times countRead: 2 processes read what is new; 0 CROSSSLOT',
  hint: 'The keys that one write concerns are on several nodes. Which of your commands names several of them?',
  hints: [
    'A write invalidates the article and the lists. On which nodes are their keys?',
    'UNLINK and MGET of keys in several slots are refused: send a command for each key, all at the same time. Only what must happen in one step needs one slot, by a hash tag.',
    { file: 'debts.ts', from: 'async pay(', to: 'this.#payOne(key)' },
  ],
  async run(context) {
    const { store, another, articles, redisCluster } = context;
    const { store: other } = await another();
    await warmUp(store, context);
    await warmUp(other, context);
    const ids = [3, 5, 7, 8, 11, 12];
    const reads = [...readsOf(ids), byId(newId), search('Maca', 20)];
    const first = { state: 'before any write', where: 'for the first time', details: {} };
    await redisCluster.resetCounts();
    await allAnswered(context, reads, { ...first, store });
    await allAnswered(context, reads, { ...first, store: other });
    const template = articles.find(({ OBJECTID }) => OBJECTID === 7) ?? articles[0]!;
    const changes = [
      publish({ ...template, OBJECTID: newId, Sentence: 'A delta of health, and mild virus in Maca' }),
      ...[3, 5, 7, 8].map((id) => revise(id, `A new title of ${id}`)),
      ...[11, 12].map((id) => countRead(id)),
    ];
    await allWritten(changes, { store, state: 'all nodes well' });
    const crossSlot = await errorsOf(redisCluster, 'CROSSSLOT');
    if (crossSlot > 0) {
      fail(
        `${2 * reads.length} reads and ${changes.length} writes: ${crossSlot} commands were refused with CROSSSLOT (${await refused(redisCluster)})`,
        await crossSlotDetails(redisCluster),
      );
    }
    // What a replica has not heard of yet is for another check.
    await redisCluster.untilReplicated();
    const details = {
      mistake: 'stale-after-write',
      leadsTo: 'What an editor has corrected stays wrong on the site, for some articles and not for others.',
    };
    const state = `${changes.length} writes resolved`;
    await allAnswered(context, reads, { store, where: 'in the same process', state, details });
    await allAnswered(context, reads, { store: other, where: 'in another process', state, details });
    return `${changes.length} writes, ${2 * reads.length} reads: all new, 0 CROSSSLOT`;
  },
};
