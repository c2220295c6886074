import { fail } from '@workshop/lab-kit';
import { unlike } from '../../describe.ts';
import { isSelect, passUntilOver, start } from '../../shared/held.ts';
import type { LabCheck } from './lab-check.ts';
import { byId, readers, search } from '../../shared/hot-reads.ts';

export const sideBySide: LabCheck = {
  id: 'side-by-side',
  title: 'A slow load holds up nobody who wants something else',
  expected: 'while one query is under way: 4 reads of other entries, in 2 processes, are answered',
  hint: 'What is locked: loading as such, or the loading of one entry? The name of the lock says it.',
  hints: [
    'search("delta", 20) takes two seconds today. What does a visitor wait for who wants article 3?',
    'One lock for each entry: its name is made of the key of the entry. The same goes for the Map of loads under way.',
    { file: 'lock.ts', from: 'const key = ', to: 'const key = ' },
  ],
  async run(context) {
    const { store, mysql, weather, another } = context;
    const { store: other } = await another();
    const slow = search('delta', 20);
    const hold = weather.mysql.hold(isSelect);
    const held = start(slow.of(store));
    await hold.arrived;
    for (const [each, where] of [
      [store, 'the same process'],
      [other, 'another process'],
    ] as const) {
      for (const read of where === 'the same process'
        ? [byId(3), search('delta', 21)]
        : [byId(4), readers(4)]) {
        const call = start(read.of(each));
        const over = await passUntilOver(context, call, 2_000);
        if (!over) {
          fail(`while ${slow.call} was being loaded, ${read.call} in ${where} was not answered within 2 s`, {
            mistake: 'one-lock-for-all',
            leadsTo: 'One slow query, and the whole site is as slow as that one.',
          });
        }
        const wrong = unlike(await call.outcome, await read.wanted(mysql));
        if (wrong) fail(`while ${slow.call} was being loaded, ${read.call} in ${where} ${wrong}`);
      }
    }
    hold.release();
    await held.outcome;
    return '4 other reads answered while a query was under way';
  },
};
