import { fail } from '@workshop/lab-kit';
import { byId, readers, search } from '../../shared/hot-reads.ts';
import { warmUp } from '../../shared/warm-up.ts';
import { allAnswered } from './answered.ts';
import { terms } from './calls.ts';
import { errorsOf, refused } from './errors.ts';
import { selectsAtLast } from './hits.ts';
import type { LabCheck } from './lab-check.ts';

const articles = 60;
/** Of all keys, each primary must have so much. */
const leastPart = 0.05;

export const everyNode: LabCheck = {
  id: 'every-node',
  title: 'Entries are on every node, and every process finds them there',
  expected: `${articles} articles and more, read again in another process: 0 SELECTs; each of 3 primaries has at least ${leastPart * 100} % of the keys`,
  hint: 'What does a node answer when it is asked for a key that another one has?',
  hints: [
    'redisUrl names one node, and a third of the keys is on it. What does it say to somebody who wants another one?',
    'MOVED. A Cluster client asks the first node for a map of the slots, and sends each command to the right one. Every node wants the password, not only the first.',
    { file: 'cluster.ts', from: 'const { hostname', to: "scaleReads: 'master'" },
  ],
  async run(context) {
    const { store, another, redisCluster } = context;
    const ids = context.articles.slice(0, articles).map(({ OBJECTID }) => OBJECTID);
    const reads = [
      ...ids.map(byId),
      ...ids.slice(0, 10).map(readers),
      ...terms.map((term) => search(term, 20)),
    ];
    const state = 'a cluster of 3 primaries';
    await redisCluster.resetCounts();
    await warmUp(store, context);
    await allAnswered(context, reads, { store, where: 'for the first time', state, details: {} });
    // What a replica has not heard of yet is for another check.
    await redisCluster.untilReplicated();
    const { store: other } = await another();
    await warmUp(other, context);
    const selects = await selectsAtLast(context, async () => {
      await allAnswered(context, reads, { store: other, where: 'in another process', state, details: {} });
    });
    if (selects > 0) {
      const [moved, crossSlot, noAuth] = await Promise.all(
        ['MOVED', 'CROSSSLOT', 'NOAUTH'].map(async (kind) => await errorsOf(redisCluster, kind)),
      );
      fail(
        `${reads.length} reads, and again in another process: expected 0 SELECTs, saw ${selects}; the nodes answered MOVED ${moved} times, CROSSSLOT ${crossSlot} times, NOAUTH ${noAuth} times`,
        crossSlot
          ? await crossSlotDetails(redisCluster)
          : noAuth
            ? noPassword
            : moved
              ? notFollowed
              : notShared,
      );
    }
    const held = (await redisCluster.keys()).map(({ keys }) => keys.length);
    const all = held.reduce((sum, count) => sum + count, 0);
    if (Math.min(...held) < leastPart * all) {
      fail(`${reads.length} entries: the primaries hold ${held.join(', ')} keys`, {
        mistake: 'one-slot',
        leadsTo: 'Three servers are paid for and one does the work; more of them would change nothing.',
        hint: 'A hash tag {like this} decides the slot. Which keys have to be together, and which only happen to be?',
      });
    }
    return `0 SELECTs for ${reads.length} reads; the primaries hold ${held.join(', ')} keys`;
  },
};

const notFollowed = {
  mistake: 'does-not-follow',
  leadsTo:
    'Two thirds of the keys are never found: the database carries them, and Redis refuses them on top.',
};

const noPassword = {
  mistake: 'node-without-password',
  leadsTo: 'The first node lets the client in, and tells it of five others that do not.',
  hint: 'The URL is of one node. From where does the client have the password for the others?',
};

const notShared = {
  mistake: 'not-shared',
  leadsTo: 'Each server has a cache of its own, or none, and the database is asked by each.',
};

export async function crossSlotDetails(cluster: Parameters<typeof refused>[0]) {
  return {
    mistake: 'crossslot',
    leadsTo: `Redis refuses these commands (${await refused(cluster)}), always: what they were for does not happen.`,
    hint: 'A command, a transaction and a script may name keys of one slot only.',
  };
}
