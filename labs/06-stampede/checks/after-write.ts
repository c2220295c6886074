import { CallFailed, fail } from '@workshop/lab-kit';
import { unlike } from '../../describe.ts';
import { isSelect, passUntilOver, start } from '../../shared/held.ts';
import type { LabCheck } from './lab-check.ts';
import { byId, readers, search, type HotRead } from '../../shared/hot-reads.ts';

/** How long a reader may be held up by a load that is of no use to it, ms. */
const mostMs = 10_000;

export const afterWrite: LabCheck = {
  id: 'after-write',
  title: 'Who reads after a write does not share a load from before it',
  expected:
    'a load is under way, a write resolves: reads that begin now, in 2 processes, return what was written',
  hint: 'What does the Map, and the lock, know a load by? After the write it must be another one.',
  hints: [
    'A load has read the old row and is on its way back. Somebody saves, and then looks. Which load may that reader share?',
    'Loads are known by the key with its generation, and so is the lock: a reader after the write has read the new generation, and finds neither.',
    {
      file: 'cache.ts',
      from: 'return await flights.share(current',
      to: 'return await flights.share(current',
    },
  ],
  async run(context) {
    const { store, another, weather, mysql, coldCache } = context;
    const { store: other } = await another();
    let n = 0;
    const cases: [HotRead, write: () => Promise<unknown>, writing: string][] = [
      [
        byId(7),
        async () => await store.revise(7, { Title: `Title ${++n}` }),
        'revise(7) in the same process',
      ],
      [byId(7), async () => await other.revise(7, { Title: `Title ${++n}` }), 'revise(7) in another process'],
      [readers(12), async () => await other.countRead(12), 'countRead(12) in another process'],
      [
        search('the', 30),
        async () => await store.revise(3, { Sentence: `the ${++n}`, PublishedDate: '2999-01-01' }),
        'revise(3) in the same process',
      ],
    ];
    for (const [read, write, writing] of cases) {
      await coldCache();
      // The old row has been read, and is held on its way back.
      const hold = weather.mysql.hold(isSelect, { at: 'reply' });
      const old = start(read.of(store));
      await hold.arrived;
      await write();
      for (const [each, where] of [
        [store, 'the process whose load it is'],
        [other, 'another process'],
      ] as const) {
        const now = start(read.of(each));
        const over = await passUntilOver(context, now, mostMs);
        if (!over) hold.release();
        const value = await now.outcome;
        if (value instanceof CallFailed) fail(`${read.call} failed: ${value.remote.message}`);
        const wrong = unlike(value, await read.wanted(mysql));
        const leadsTo =
          'Somebody saves and sees the old page; the cache is right, and yet they were served from before.';
        if (wrong)
          fail(
            `a load of ${read.call} was under way during ${writing}; read after that, in ${where}, it ${wrong}`,
            { mistake: 'joins-an-old-load', leadsTo },
          );
        if (!over)
          fail(
            `a load of ${read.call} was under way during ${writing}; a reader after that, in ${where}, waited for it more than ${mostMs / 1_000} s`,
            {
              mistake: 'waits-for-an-old-load',
              leadsTo:
                'One query that hangs holds up everybody, also those for whom its answer is of no use.',
            },
          );
      }
      hold.release();
      await old.outcome;
    }
    return `${cases.length} writes during a load: 0 old answers after them`;
  },
};
