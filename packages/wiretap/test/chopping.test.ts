import { beforeAll, describe, expect, it } from 'vitest';
import { mysqlConversation, redisConversation } from './support/conversations.ts';
import { offlineMysql, offlineRedis, timeless, type Offline, type Run } from './support/offline.ts';
import { chop, seededRandom } from './support/random.ts';

const KINDS = [
  { name: 'Redis, RESP2', capture: () => redisConversation(2), open: () => offlineRedis() },
  { name: 'Redis, RESP3', capture: () => redisConversation(3), open: () => offlineRedis() },
  { name: 'MySQL', capture: () => mysqlConversation(), open: () => offlineMysql() },
];

/** Gives a session the conversation, each run in the pieces that `cut` makes of it. */
function replay(open: () => Offline, runs: Run[], cut: (bytes: Buffer) => Buffer[]): Offline {
  const session = open();
  for (const { from, bytes } of runs) for (const piece of cut(bytes)) session.feed(from, piece);
  session.end();
  return session;
}

describe.each(KINDS)('a real conversation with $name, given again in other pieces', ({ capture, open }) => {
  let runs: Run[];
  let whole: Offline;
  beforeAll(async () => {
    runs = await capture();
    whole = replay(open, runs, (bytes) => [bytes]);
  });

  it('was understood to its end, and every command has its reply', () => {
    expect(whole.record.events.length).toBeGreaterThan(15);
    expect(whole.record.events.filter(({ kind, note }) => kind === 'other' || note !== undefined)).toEqual(
      [],
    );
    expect(whole.record.events.filter(({ endedAt }) => endedAt === undefined)).toEqual([]);
  });

  it('gives the same events and passes the same bytes, byte by byte', () => {
    const bytewise = replay(open, runs, (bytes) => Array.from(bytes, (byte) => Buffer.of(byte)));
    expect(timeless(bytewise.record.events)).toEqual(timeless(whole.record.events));
    expect(bytewise.toStore().equals(whole.toStore())).toBe(true);
    expect(bytewise.toClient().equals(whole.toClient())).toBe(true);
  });

  it('gives the same events and passes the same bytes, in random pieces', () => {
    for (let seed = 1; seed <= 15; seed += 1) {
      const random = seededRandom(seed);
      const chopped = replay(open, runs, (bytes) => chop(bytes, random));
      expect(timeless(chopped.record.events), `seed ${seed}`).toEqual(timeless(whole.record.events));
      expect(chopped.toStore().equals(whole.toStore()), `seed ${seed}`).toBe(true);
      expect(chopped.toClient().equals(whole.toClient()), `seed ${seed}`).toBe(true);
    }
  });

  it('passes on what was said, to the byte', () => {
    const said = (from: Run['from']): Buffer =>
      Buffer.concat(runs.filter((run) => run.from === from).map((run) => run.bytes));
    expect(whole.toStore().equals(said('client'))).toBe(true);
    // MySQL's greeting is changed, in flags that take no more or less room.
    expect(whole.toClient().length).toBe(said('store').length);
  });
});
