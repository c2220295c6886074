import { fail } from '@workshop/lab-kit';
import { unlike } from '../../describe.ts';
import { attemptsUntil } from '../../shared/attempts.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { inMemory, missedMemory, staleAfter } from './memory.ts';
import { byId, readers, search } from './reads.ts';

/** How long a client may take to listen again, ms. */
const limitMs = 10_000;

export const disconnect: LabCheck = {
  id: 'disconnect',
  title: 'Who is not told of changes keeps nothing',
  expected: `connections cut: nothing from memory; ${limitMs / 1_000} s after Redis is back, from memory again, and new`,
  hint: 'What has changed while you were not connected? Nobody will tell you afterwards: what are the copies worth?',
  hints: [
    'The connection on which Redis tells of changes is lost for two seconds. What do you know of what changed meanwhile?',
    'Empty the memory when it closes, and put nothing in until it listens again.',
    { file: 'near.ts', from: 'turned(on)', to: 'clear();' },
  ],
  async run(context) {
    const { store, weather, mysql, observe, passTime } = context;
    const reads = [byId(7), search('delta', 20), readers(12)];
    await inMemory(context, store, reads);
    const cut = weather.redis.refuse();
    await observe(async () => {});
    await changeUnheard(context, 1);
    for (const read of reads) {
      const wrong = await staleAfter(context, store, read);
      if (wrong)
        fail(`the connections to Redis were cut, and rows changed; ${read.call} ${wrong}`, {
          mistake: 'served-while-deaf',
          leadsTo:
            'After a failover of Redis each server shows what it happened to have, until it is restarted.',
        });
    }
    await changeUnheard(context, 2);
    cut.stop();
    for (const read of reads) {
      const wrong = unlike(await read.of(store), await read.wanted(mysql));
      if (wrong)
        fail(`Redis was away, rows changed meanwhile; ${read.call}, after it was back, ${wrong}`, {
          mistake: 'missed-while-deaf',
          leadsTo: 'What changes during a failover is never told, so the old copies stay.',
        });
      await listensAgain(
        { observe, passTime, mysql, store },
        `${limitMs / 1_000} s after Redis came back`,
        read,
      );
    }
    return 'cut: 0 answers from memory; back: from memory again, and new';
  },
};

/** Rows change by another hand, and their entries go with them; nobody who is not connected hears of it. */
async function changeUnheard({ mysql, coldCache }: Context, round: number): Promise<void> {
  await mysql.query('UPDATE articles SET Title = ?', [`Changed ${round}`]);
  await mysql.query('UPDATE article_reads SET Readers = Readers + 2');
  await coldCache();
}

/** @param when "10 s after Redis came back" */
export async function listensAgain(
  { observe, passTime, mysql, store }: Pick<Context, 'observe' | 'passTime' | 'mysql' | 'store'>,
  when: string,
  read = byId(7),
): Promise<void> {
  const isKept = async () => (await missedMemory({ observe, mysql }, store, read)) === undefined;
  if (await attemptsUntil(isKept, passTime, limitMs)) return;
  fail(`${when}, ${read.call} was still not answered from memory`, {
    mistake: 'never-listens-again',
    leadsTo:
      'After the first failover the memory is off for good; nobody notices, but for the load on Redis.',
  });
}
