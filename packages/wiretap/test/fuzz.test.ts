import { describe, expect, it } from 'vitest';
import { mysqlConversation, redisConversation } from './support/conversations.ts';
import { offlineMysql, offlineRedis, type Offline, type Run } from './support/offline.ts';
import { chop, seededRandom } from './support/random.ts';

type Random = (below: number) => number;

/** Bytes that look a little like a protocol: its marks and lengths, in no order. */
function noise(random: Random, marks: readonly string[]): Buffer {
  const pieces = Array.from({ length: 1 + random(30) }, () =>
    random(3) === 0
      ? Buffer.from(Array.from({ length: random(6) }, () => random(256)))
      : Buffer.from(marks[random(marks.length)]!, 'latin1'),
  );
  return Buffer.concat(pieces);
}

function said(runs: readonly Run[], from: Run['from']): Buffer {
  return Buffer.concat(runs.filter((run) => run.from === from).map(({ bytes }) => bytes));
}

function play(session: Offline, runs: readonly Run[], random: Random): void {
  for (const { from, bytes } of runs) for (const piece of chop(bytes, random)) session.feed(from, piece);
  session.end();
}

/** The runs with some bytes changed, lost or added, from the run `first` on. */
function damaged(runs: readonly Run[], first: number, random: Random): Run[] {
  const copies = runs.map(({ from, bytes }) => ({ from, bytes: Buffer.from(bytes) }));
  for (let times = 1 + random(4); times > 0; times -= 1) {
    const run = copies[first + random(copies.length - first)]!;
    const at = random(run.bytes.length);
    const rest = run.bytes.subarray(at + random(3));
    if (random(2) === 0) run.bytes = Buffer.concat([run.bytes.subarray(0, at), Buffer.of(random(256)), rest]);
    else run.bytes[at] = random(256);
  }
  return copies;
}

const REDIS_MARKS = [
  '*',
  '$',
  '\r\n',
  '*1\r\n',
  '$3\r\n',
  'GET',
  '+OK\r\n',
  '-ERR x\r\n',
  ':1\r\n',
  '>1\r\n',
  '%1\r\n',
  '$-1\r\n',
  '|1\r\n',
];
const MYSQL_MARKS = [
  '\x01\0\0\0',
  '\x05\0\0\x01',
  '\xff\xff\xff\0',
  '\x0a',
  '\x03SELECT 1',
  '\0\0\0\x02\0\0\0',
  '\xfe\0\0\x02\0',
  '\xff\x10\x04',
  '\0',
];

describe('whatever the bytes', () => {
  it.each([
    { name: 'Redis', open: () => offlineRedis(), marks: REDIS_MARKS },
    { name: 'MySQL', open: () => offlineMysql(), marks: MYSQL_MARKS },
  ])('a $name session passes all of them, and never throws', ({ open, marks }) => {
    for (let seed = 1; seed <= 1500; seed += 1) {
      const random = seededRandom(seed);
      const runs = Array.from({ length: 1 + random(6) }, (_, index): Run => {
        return { from: (index + seed) % 2 === 0 ? 'client' : 'store', bytes: noise(random, marks) };
      });
      const session = open();
      play(session, runs, random);
      expect(session.toStore().equals(said(runs, 'client')), `seed ${seed}`).toBe(true);
      expect(session.toClient().equals(said(runs, 'store')), `seed ${seed}`).toBe(true);
    }
  });

  it.each([
    { name: 'Redis', open: () => offlineRedis(), capture: () => redisConversation(3), first: 0 },
    // The greeting, which is changed on its way, is left as it is.
    { name: 'MySQL', open: () => offlineMysql(), capture: () => mysqlConversation(), first: 1 },
  ])('a $name session passes a real conversation that has been damaged', async ({ open, capture, first }) => {
    const runs = await capture();
    const greeting = first === 0 ? 0 : runs[0]!.bytes.length;
    for (let seed = 1; seed <= 150; seed += 1) {
      const random = seededRandom(seed);
      const wrong = damaged(runs, first, random);
      const session = open();
      play(session, wrong, random);
      expect(session.toStore().equals(said(wrong, 'client')), `seed ${seed}`).toBe(true);
      const toClient = session.toClient();
      expect(
        toClient.subarray(greeting).equals(said(wrong, 'store').subarray(greeting)),
        `seed ${seed}`,
      ).toBe(true);
    }
  });

  it('a guarded Redis session answers what is no command as Redis would, and asks the store nothing', () => {
    const session = offlineRedis({ database: 3 });
    session.feed('store', Buffer.from('+OK\r\n'));
    const asked = session.toStore();
    session.feed('client', Buffer.from('*1\r\n:1\r\n*1\r\n$8\r\nFLUSHALL\r\n'));
    expect(session.toClient().toString()).toBe("-ERR Protocol error: expected '$', got ':'\r\n");
    expect(session.toStore().equals(asked)).toBe(true);
    expect(session.record.events.at(-1)).toMatchObject({
      kind: 'other',
      note: expect.stringContaining('not RESP'),
    });
  });
});
