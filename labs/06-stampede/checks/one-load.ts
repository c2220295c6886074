import { CallFailed, fail } from '@workshop/lab-kit';
import { unlike } from '../../describe.ts';
import { isSelect, start } from '../../shared/held.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { byId, readers, search, type HotRead } from '../../shared/hot-reads.ts';

const callers = 50;
/** In each of two processes. */
const callersEach = 20;

export const oneLoad: LabCheck = {
  id: 'one-load',
  title: 'Many callers in one process: one query',
  expected: `${callers} equal reads at once, nothing in Redis: 1 SELECT, ${callers} answers`,
  hint: 'What does the second caller find, who comes while the first one waits for MySQL?',
  hints: [
    'The first caller has sent its query and waits. The second looks into Redis and finds nothing. What does it need to know in order not to send the same query?',
    'Keep the promise of a load that is under way in a Map, under the key of the entry. Who finds one there awaits it. It goes out of the Map when it settles, also when it fails.',
    { file: 'flights.ts', from: 'async share<T>', to: 'return flight;' },
  ],
  async run(context) {
    const reads = [
      search('delta', 20),
      byId(7),
      readers(12),
      byId(999_999),
      search('nothing contains this', 5),
    ];
    for (const read of reads) {
      const { selects } = await crowd(context, read, [context.store], callers);
      if (selects === 1) continue;
      fail(`${callers} times ${read.call} at once: expected 1 SELECT, saw ${selects}`, {
        mistake: selects === 0 ? 'not-loaded' : 'stampede',
        leadsTo:
          'When a hot entry expires, every visitor of that moment queries MySQL; it slows down, more of them come meanwhile, and it is down.',
      });
    }
    return `${reads.length} crowds of ${callers}: 1 SELECT each`;
  },
};

export const acrossProcesses: LabCheck = {
  id: 'across-processes',
  title: 'Many callers in two processes: still one query',
  expected: `${callersEach} equal reads at once in each of 2 processes: 1 SELECT in all`,
  hint: 'A Map is in one process. What do all of them share, and which command lets exactly one of them win?',
  hints: [
    'Twenty servers, each with a Map of its own: how many queries when the hot entry expires? Who could all of them ask for leave?',
    '`SET key owner PX 5000 NX` succeeds for one of them. That one loads; the others look again a little later, until the entry is there. And look once more after you got the lock: another may have stored it just before.',
    { file: 'cache.ts', from: 'async function loadOnce', to: 'return await query();' },
  ],
  async run(context) {
    const { store: other } = await context.another();
    const reads = [search('delta', 20), byId(7), readers(12)];
    for (const read of reads) {
      // Whether one who has waited loads what is there by then is a matter of luck here: the check second-look sees to it.
      const { selectsWhileHeld: selects } = await crowd(context, read, [context.store, other], callersEach);
      if (selects === 1) continue;
      fail(
        `${callersEach} times ${read.call} at once in each of 2 processes: expected 1 SELECT, saw ${selects}`,
        {
          mistake: selects === 2 ? 'one-process-only' : 'stampede',
          leadsTo:
            'With 20 servers it is 20 times the same query at the same moment, and more with each deployment.',
        },
      );
    }
    return `${reads.length} crowds in 2 processes: 1 SELECT each`;
  },
};

/** All of them ask while the first query is held; then it goes on, and all must have the right answer. */
async function crowd(
  { observe, weather, mysql, coldCache }: Context,
  read: HotRead,
  stores: readonly Context['store'][],
  times: number,
): Promise<{ readonly selects: number; readonly selectsWhileHeld: number }> {
  const wanted = await read.wanted(mysql);
  await coldCache();
  let selectsWhileHeld = 0;
  const seen = await observe(async () => {
    const hold = weather.mysql.hold(isSelect);
    const calls = stores.flatMap((store) => Array.from({ length: times }, () => start(read.of(store))));
    const held = await observe(async () => {
      // A caller who is answered without a query would leave the hold waiting for good.
      await Promise.race([hold.arrived, Promise.all(calls.map(async (call) => await call.outcome))]);
      // When this is over every other has looked, and waits or has sent a query of its own.
    });
    selectsWhileHeld = held.selects.length;
    hold.release();
    return await Promise.all(calls.map(async (call) => await call.outcome));
  });
  for (const value of seen.value) {
    if (value instanceof CallFailed)
      fail(`one of the callers of ${read.call} failed: ${value.remote.message}`);
    const wrong = unlike(value, wanted);
    if (wrong) fail(`one of the callers of ${read.call} ${wrong}`);
  }
  return { selects: seen.selects.length, selectsWhileHeld };
}
