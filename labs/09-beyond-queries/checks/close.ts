import { fail } from '@workshop/lab-kit';
import type { LabCheck } from './lab-check.ts';
import { searches } from './places.ts';

export const close: LabCheck = {
  id: 'close',
  title: 'close() leaves no connection, and lets the process end',
  expected: 'after close() the process ends by itself, also when a call waits for news',
  hint: 'site.ts and news.ts: which connections are there besides the client, and who closes them?',
  hints: [
    'How many connections does a process have while three visitors wait for news?',
    'Keep the connections of waiting calls in a Set. close() disconnects them all, then the client, then the pool of MySQL.',
    { file: 'news.ts', from: 'close() {', to: 'own.disconnect' },
  ],
  async run({ store, connections, finish }) {
    await store.citiesNear(...searches[0]!);
    const id = await store.publishNews('last');
    // Ends with the process, in whichever way.
    const waiting = store.nextNews(id, 30_000).catch(() => undefined);
    await store.top(3);
    await store.close();
    const ended = await finish();
    const { mysql, redis } = connections();
    if (!ended) {
      fail(
        `5 s after close() the process still runs, with ${mysql} connections to MySQL and ${redis} to Redis`,
        {
          mistake: 'never-closed',
          leadsTo: 'Every deployment waits for a time-out, and the engines keep connections nobody uses.',
        },
      );
    }
    await waiting;
    return '0 connections, and the process ended';
  },
};
