import { setTimeout } from 'node:timers/promises';
import { fail, sameValue } from '@workshop/lab-kit';
import { describe } from '../../describe.ts';
import { begun } from './begun.ts';
import type { Context, LabCheck } from './lab-check.ts';

/** Only a call that is held up takes as long. */
const longMs = 4_000;
const closingLimitMs = 5_000;

const missed = {
  mistake: 'news-missed',
  leadsTo: 'Between two calls there is always a moment. What is published in it is never seen.',
};

export const newsWaits: LabCheck = {
  id: 'news-waits',
  title: 'Waiting for news holds nothing else up',
  expected:
    'a waiting call gets the next piece, also one from just before; other calls are answered meanwhile',
  hint: 'news.ts: a command that blocks holds up its connection. Which connection is that, and who else uses it?',
  hints: [
    'XREAD BLOCK 30000 is on its way. What happens to a ZRANGE that is sent on the same connection?',
    'redis.duplicate() for the call that waits, and disconnect() when it ends. XREAD from the id that the reader has, not from `$`, which means "from now on".',
    { file: 'news.ts', from: 'const own = redis.duplicate', to: 'own.xread(' },
  ],
  async run(context) {
    const { store, connections } = context;
    const first = await store.publishNews('first');
    const nothing = await store.nextNews(first, 50);
    if (!sameValue(nothing, []))
      fail(`nextNews() without news returned ${describe(nothing)} after 50 ms, expected []`);

    const second = await store.publishNews('second');
    expectNews('nextNews() for what was published just before it', await store.nextNews(first, longMs), [
      'second',
    ]);

    const waiting = [begun(store.nextNews(second, longMs)), begun(store.nextNews(second, longMs))];
    const before = connections().redis;
    for (const [call, run] of [
      ['addPoints()', () => store.addPoints('ann', 5)],
      ['newsSince()', () => store.newsSince()],
    ] as const) {
      const isFirst = await Promise.race([run().then(() => true), waiting[0]!.then(() => false)]);
      if (!isFirst) {
        fail(`while nextNews() waited for ${longMs} ms, ${call} was not answered`, {
          mistake: 'blocks-others',
          leadsTo: 'One visitor with the news page open stops every other request of that server.',
        });
      }
    }
    await store.publishNews('third');
    for (const call of waiting)
      expectNews('nextNews(), waiting while "third" was published', await call, ['third']);

    for (let n = 0; n < 10; n++)
      expectNews('nextNews()', await store.nextNews(first, longMs), ['second', 'third']);
    await expectConnections(connections, before + 2);
    return 'no piece missed, other calls answered, no connection left';
  },
};

function expectNews(call: string, rows: readonly { text: string }[], texts: string[]): void {
  const got = rows.map(({ text }) => text);
  if (!sameValue(got, texts)) fail(`${call}: returned ${describe(got)}, expected ${describe(texts)}`, missed);
}

/** Closing takes a moment. */
async function expectConnections(connections: Context['connections'], most: number): Promise<void> {
  const deadline = performance.now() + closingLimitMs;
  while (connections().redis > most) {
    if (performance.now() > deadline) {
      fail(
        `after 10 calls of nextNews() ${connections().redis} connections to Redis are open, expected ${most} at most`,
        {
          mistake: 'connection-per-wait',
          leadsTo: 'Each visitor leaves a connection behind, until Redis refuses the next one.',
        },
      );
    }
    await setTimeout(10);
  }
}
