import { fail } from '@workshop/lab-kit';
import { count } from '../../describe.ts';
import { listensAgain } from './disconnect.ts';
import { withoutEnding } from './ended.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { inMemory, staleAfter } from './memory.ts';
import { delayListening } from './messages.ts';
import { byId, type AnyRead } from './reads.ts';

type Write = () => Promise<unknown>;

export const oneConnection: LabCheck = {
  id: 'one-connection',
  title: 'One lost connection, whichever it is, leaves nothing old in memory',
  expected:
    'Redis ends each of the connections in turn; another process writes, at once and later: 0 old answers',
  hint: 'Tracking belongs to a connection and ends with it. Who turns it on again on the new one?',
  hints: [
    'Your client connects again by itself, and subscribes again by itself. What does it not do by itself?',
    'Turn tracking on each time the connection is ready, before the subscription; and empty the memory each time it closes.',
    { file: 'changes.ts', from: "redis.on('ready'", to: "redis.on('close'" },
  ],
  async run(context) {
    return await withoutEnding(async () => await endEach(context), 'Redis ended a connection', {
      mistake: 'ends-with-a-connection',
      leadsTo: 'Every failover of Redis ends every server of the site.',
    });
  },
};

async function endEach(context: Context): Promise<string> {
  const { store, another, observe, redis, weather } = context;
  const read = byId(7);
  await inMemory(context, store, [read]);
  const before = await clientsOf(redis);
  const { store: other } = await another();
  let titles = 0;
  const write: Write = async () =>
    await observe(async () => await other.revise(7, { Title: `Title ${++titles}` }));
  await write();
  const others = new Set((await clientsOf(redis)).filter((id) => !before.includes(id)));
  const asks = await redis.client('ID');
  const own = async () => (await clientsOf(redis)).filter((id) => id !== asks && !others.has(id));
  const all = (await own()).length;
  // From the newest to the oldest: one that is made anew is the newest.
  for (let fromNewest = 1; fromNewest <= all; fromNewest++) {
    const state = `Redis ended a connection (of ${all})`;
    const end = async () => {
      const id = (await own()).at(-fromNewest);
      if (id !== undefined) await redis.client('KILL', 'ID', id);
      await observe(async () => {});
    };
    await inMemory(context, store, [read]);
    // Nobody can listen again meanwhile, so there is no moment that would have to be met.
    const deaf = [delayListening(weather, 'CLIENT TRACKING'), delayListening(weather, 'SUBSCRIBE')];
    await end();
    // Twice: the first one may find the memory empty, and fill it.
    for (let writes = 0; writes < 2; writes++) await writtenBy(context, write, read, state);
    for (const spell of deaf) spell.stop();
    // Who gave up on the answer need not ask again on the same connection.
    await end();
    await listensAgain(context, `10 s after ${state}`, read);
    await writtenBy(context, write, read, `${state}, a new one was there`);
  }
  return `each of ${count(all, 'connection')} ended: 0 old answers`;
}

const deafAfterwards = {
  mistake: 'deaf-after-a-lost-connection',
  leadsTo: 'One reset connection in a night, and one server of twenty shows old pages from then on.',
};

async function writtenBy(context: Context, write: Write, read: AnyRead, state: string): Promise<void> {
  await write();
  const wrong = await staleAfter(context, context.store, read);
  if (wrong) fail(`${state}, and another process wrote: ${read.call} ${wrong}`, deafAfterwards);
}

/** Their ids, in the order in which they were made. */
async function clientsOf(redis: Context['redis']): Promise<number[]> {
  const list = String(await redis.client('LIST'));
  return [...list.matchAll(/^id=(\d+)/gm)].map(([, id]) => Number(id)).toSorted((a, b) => a - b);
}
