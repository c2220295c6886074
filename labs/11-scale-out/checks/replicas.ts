import { fail, type NodeCounts } from '@workshop/lab-kit';
import { readsOf } from './calls.ts';
import { warmUp } from '../../shared/warm-up.ts';
import { allAnswered } from './answered.ts';
import { selectsAtLast } from './hits.ts';
import type { LabCheck } from './lab-check.ts';

const rounds = 5;
/** Of a hundred hits. */
const least = 25;

/** Read what is there. A script may read on a replica, too. */
const reading = new Set(
  'get mget getrange hget hmget hgetall json.get lrange smembers zrange eval evalsha eval_ro evalsha_ro fcall fcall_ro'.split(
    ' ',
  ),
);

export const replicas: LabCheck = {
  id: 'replicas',
  title: 'Replicas carry a part of the hits',
  expected: `100 hits: at least ${least} reading commands on the replicas`,
  hint: 'To whom does your client send a GET? Ask its documentation for READONLY, or for reading from replicas.',
  hints: [
    'Half of the servers in this cluster hold a copy of everything. What do they do all day?',
    "ioredis: `scaleReads: 'slave'` sends reading commands to replicas. Which of your reads may be some milliseconds old? That an entry of the present generation is never wrong, helps.",
    { file: 'cache.ts', from: 'The replicas carry the reads', to: 'lookIn(primaries' },
  ],
  async run(context) {
    const { store, redisCluster } = context;
    const reads = readsOf([1, 2, 3, 4, 5, 6, 7, 8]);
    const all = async () =>
      await allAnswered(context, reads, { store, where: 'again', state: 'all nodes well', details: {} });
    await warmUp(store, context);
    await all();
    await redisCluster.untilReplicated();
    const hits = rounds * reads.length;
    const selects = await selectsAtLast(context, async () => {
      await redisCluster.resetCounts();
      for (let round = 0; round < rounds; round++) await all();
    });
    if (selects > 0) {
      fail(`${hits} reads of what is in Redis: expected 0 SELECTs, saw ${selects}`, {
        hint: 'The checks above come first.',
      });
    }
    const counts = await redisCluster.counts();
    const onReplicas = readingCommands(counts, 'replica');
    const onPrimaries = readingCommands(counts, 'primary');
    const observed = `${hits} hits: ${onReplicas} reading commands on the replicas, ${onPrimaries} on the primaries`;
    if (onReplicas < (least * hits) / 100) {
      fail(observed, {
        mistake: 'replicas-idle',
        leadsTo: 'Half of what is paid for waits for a failover, while the primaries are at their limit.',
      });
    }
    return observed;
  },
};

function readingCommands(counts: readonly NodeCounts[], role: NodeCounts['role']): number {
  return counts
    .filter((node) => node.role === role)
    .flatMap(({ calls }) => [...calls])
    .reduce((sum, [name, count]) => sum + (reading.has(name) ? count : 0), 0);
}
