import { fail } from '@workshop/lab-kit';
import { warmUp } from '../../shared/warm-up.ts';
import { allAnswered, allWritten } from './answered.ts';
import { countRead, readsOf, revise } from './calls.ts';
import { selectsAtLast } from './hits.ts';
import type { LabCheck } from './lab-check.ts';

export const resharding: LabCheck = {
  id: 'resharding',
  title: 'Slots move to another node while the site runs, and nobody notices',
  expected: 'half way and after: every read right, every write seen; after it 0 SELECTs for what was cached',
  hint: 'MOVED: from now on there. ASK: this once, there. Who in your code knows where a slot is, and who tells it?',
  hints: [
    'Somebody adds a node, and a third of the slots moves to it while you sleep. What do you have to do?',
    'Nothing, if a Cluster client sends each command: it follows MOVED and ASK. What you keep yourself of nodes and slots grows old.',
    { file: 'cluster.ts', from: 'const primaries = new Cluster', to: 'const replicas = new Cluster' },
  ],
  async run(context) {
    const { store, another, redisCluster } = context;
    const { store: other } = await another();
    const reads = readsOf([3, 5, 7, 11]);
    const both = async (state: string) => {
      const details = {
        mistake: 'stale-while-moving',
        leadsTo: 'Whenever the cluster grows, some of the writes of that time are not seen.',
      };
      await allAnswered(context, reads, { store, where: 'in the same process', state, details });
      await allAnswered(context, reads, { store: other, where: 'in another process', state, details });
    };
    for (const each of [store, other]) await warmUp(each, context);
    await both('before slots move');
    const held = (await redisCluster.keys()).toSorted((a, b) => b.keys.length - a.keys.length);
    const [from, to] = held;
    if (!from || !to || from.keys.length === 0)
      return fail('there is no key on any node: nothing can move', { hint: 'The checks above come first.' });
    await redisCluster.move(from.keys, from.node, to.node, async () => {
      await both('half of the keys of some slots have moved');
      const state = 'half of the keys of some slots have moved';
      await allWritten([...[3, 5, 7].map((id) => revise(id, `Moved ${id}`)), countRead(11)], {
        store,
        state,
      });
      await both(`${state}, 4 writes resolved`);
    });
    await both('slots have moved');
    const selects = await selectsAtLast(context, async () => await both('slots have moved'));
    if (selects > 0) {
      fail(
        `${from.keys.length} keys have moved to another node: ${2 * reads.length} reads after it, expected 0 SELECTs, saw ${selects}`,
        {
          mistake: 'does-not-follow',
          leadsTo:
            'The cluster grows, and from then on the database carries what was moved, until the servers are restarted.',
        },
      );
    }
    return `${from.keys.length} keys moved, ${2 * reads.length} reads after it: 0 SELECTs`;
  },
};
