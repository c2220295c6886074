import { setTimeout } from 'node:timers/promises';
import { CallFailed, fail, orFailure, type ClusterNode, type LabCluster } from '@workshop/lab-kit';
import type { HotRead } from '../../shared/hot-reads.ts';
import { unlike } from '../../describe.ts';
import { warmUp } from '../../shared/warm-up.ts';
import { allAnswered, allWritten } from './answered.ts';
import { countRead, readsOf, revise } from './calls.ts';
import type { Context, LabCheck } from './lab-check.ts';

/** How soon all must be as before, s, counted from when the replica has taken over. */
const limitSeconds = 10;
/** A busy machine is not the learner's doing. */
const waitMs = 2 * limitSeconds * 1_000;
const pauseMs = 100;

export const failover = failoverCheck({
  id: 'failover',
  title: 'A primary dies: no read and no write fails, and its replica takes over',
  what: 'a primary was killed',
  hint: 'Between the death and the election nobody can answer for those slots. What do you do with a write that can not be told to Redis?',
  hints: [
    'An article is revised while the node that has its generation is dead. The replica that takes over still has the old one. Who tells it?',
    'Note what Redis has not confirmed, try it again until it does, and let your own reads of those entries go to MySQL meanwhile.',
    { file: 'debts.ts', from: 'async add(', to: 'await this.pay(keys);' },
  ],
  happen: async (cluster, node) => await cluster.kill(node),
});

export const silent = failoverCheck({
  id: 'silent-node',
  title: 'A primary says nothing any more, and the failover is noticed all the same',
  what: 'a primary hangs, with its connections open',
  hint: 'Its machine is gone, and no connection is closed. After how long does a command fail, and what does your client learn from that?',
  hints: [
    'The power of a machine fails. Does the other end of a connection hear of that?',
    'Each command needs a time-out. And since nobody answers MOVED, the client has to look at the map of the slots by itself now and then.',
    { file: 'cluster.ts', from: 'commandTimeout', to: 'slotsRefreshInterval' },
  ],
  happen: async (cluster, node) => await cluster.hang(node),
});

interface Failover extends Pick<LabCheck, 'id' | 'title' | 'hint'> {
  hints: NonNullable<LabCheck['hints']>;
  what: string;
  happen: (cluster: LabCluster, node: ClusterNode) => Promise<void>;
}

function failoverCheck({ id, title, hint, hints, what, happen }: Failover): LabCheck {
  return {
    id,
    title,
    expected: `each call answered within 5 s, rightly; ${limitSeconds} s after its replica took over: 0 SELECTs, and nothing old`,
    hint,
    hints,
    async run(context) {
      const { store, another, redisCluster } = context;
      const { store: other } = await another();
      const reads = readsOf([3, 5, 7, 11]);
      const both = async (state: string) => {
        const details = {
          mistake: 'stale-at-failover',
          leadsTo: 'What was written during a failover is not seen, and nothing says so.',
        };
        await allAnswered(context, reads, { store, where: 'in the same process', state, details });
        await allAnswered(context, reads, { store: other, where: 'in another process', state, details });
      };
      for (const each of [store, other]) await warmUp(each, context);
      await both('all nodes well');
      await redisCluster.untilReplicated();
      const [fullest] = (await redisCluster.keys()).toSorted((a, b) => b.keys.length - a.keys.length);
      if (!fullest) return fail('no primary answers');
      await happen(redisCluster, fullest.node);
      await both(what);
      const changes = [
        ...[3, 5, 7].map((article) => revise(article, `Written meanwhile ${article}`)),
        countRead(11),
      ];
      await allWritten(changes, { store, state: what });
      await both(`${what}, ${changes.length} writes resolved`);
      await redisCluster.takeOver(fullest.node);
      return await recovered(context, reads, [store, other]);
    },
  };
}

/**
 * Until both processes have hits for all of it, and right ones. First the one that did not write, so that nothing the
 * other reads comes to its help.
 */
async function recovered(
  context: Context,
  reads: readonly HotRead[],
  [store, other]: [Context['store'], Context['store']],
): Promise<string> {
  const giveUpAt = performance.now() + waitMs;
  const others = await untilHits(context, reads, other, 'in another process', giveUpAt);
  const own = await untilHits(context, reads, store, 'in the process that wrote', giveUpAt);
  return `0 SELECTs, nothing old, after ${others} rounds of reads in one process, ${own} in the other`;
}

/** @returns how many rounds it took */
async function untilHits(
  context: Context,
  reads: readonly HotRead[],
  store: Context['store'],
  where: string,
  giveUpAt: number,
): Promise<number> {
  const state = 'a replica has taken over';
  for (let rounds = 1; ; rounds++) {
    const seen = await context.observe(async () => await firstWrong(context, reads, store, where));
    const { value: wrong, selects } = seen;
    if (selects.length === 0 && wrong === undefined) return rounds;
    if (performance.now() > giveUpAt) {
      if (wrong !== undefined) {
        fail(`${limitSeconds} s after ${state}, ${wrong}`, {
          mistake: 'stale-after-failover',
          leadsTo:
            'The replica has not heard of the last writes, and every server shows what was before them.',
        });
      }
      fail(
        `${limitSeconds} s after ${state}, ${reads.length} reads ${where}: expected 0 SELECTs, saw ${selects.length}`,
        {
          mistake: 'gives-up-for-good',
          leadsTo:
            'After a failover of seconds the database carries a third of everything until somebody restarts the servers.',
        },
      );
    }
    await setTimeout(pauseMs);
  }
}

async function firstWrong(
  { mysql }: Context,
  reads: readonly HotRead[],
  store: Context['store'],
  where: string,
): Promise<string | undefined> {
  const found = await Promise.all(
    reads.map(async (read) => {
      const value = await orFailure(read.of(store));
      const wrong =
        value instanceof CallFailed
          ? `failed: ${value.remote.message}`
          : unlike(value, await read.wanted(mysql));
      return wrong ? `${read.call}, ${where}, ${wrong}` : undefined;
    }),
  );
  return found.find((wrong) => wrong !== undefined);
}
