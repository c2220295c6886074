import { describe, expect, it } from 'vitest';
import { RecordOverflow, WaitTimeout, WireRecord, type RedisEvent } from '../src/index.ts';

function command(name: string, connection = 1): RedisEvent {
  return { store: 'redis', kind: 'command', seq: -1, connection, startedAt: 0, name };
}

const names = (record: WireRecord): (string | undefined)[] =>
  record.events.map((event) => ('name' in event ? event.name : undefined));

describe('WireRecord', () => {
  it('numbers events as they come, and gives those since a mark', () => {
    const record = new WireRecord();
    record.start(command('A'));
    const mark = record.mark();
    record.start(command('B'));
    record.start(command('C'));
    expect(record.since(mark)).toMatchObject([
      { name: 'B', seq: 1 },
      { name: 'C', seq: 2 },
    ]);
    expect(record.since(record.mark())).toEqual([]);
  });

  it('drops the oldest when there are too many, and says how many', () => {
    const record = new WireRecord({ maxEvents: 16 });
    for (let i = 0; i < 17; i += 1) record.start(command(String(i)));
    expect(record.dropped).toBe(2);
    expect(names(record)[0]).toBe('2');
    expect(record.mark()).toBe(17);
    expect(record.since(2)).toHaveLength(15);
  });

  it('drops the oldest when they hold too much, whether it came with the request or the reply', () => {
    const record = new WireRecord({ maxBytes: 1000 });
    record.start(command('A'), 600);
    record.start(command('B'), 300);
    expect([record.keptBytes, record.dropped]).toEqual([900, 0]);
    record.end(record.events[1]!, 200);
    expect([record.keptBytes, record.dropped, names(record)]).toEqual([500, 1, ['B']]);
    record.start(command('C'), 5000);
    expect([record.keptBytes, names(record)]).toEqual([5000, ['C']]);
  });

  it('never leaves out in silence what has been dropped', async () => {
    const record = new WireRecord({ maxEvents: 1 });
    const mark = record.mark();
    record.start(command('A'));
    record.start(command('B'));
    expect(() => record.since(mark)).toThrow(RecordOverflow);
    expect(() => record.since(mark)).toThrow(/^1 of the events asked for are no longer recorded/);
    await expect(record.waitFor(() => true, { timeoutMs: 1, from: mark })).rejects.toThrow(RecordOverflow);
  });

  it('completes a dropped event without harm', () => {
    const record = new WireRecord({ maxEvents: 1 });
    const lost = command('A');
    record.start(lost, 10);
    record.start(command('B'), 20);
    record.end(lost, 30);
    expect(record.keptBytes).toBe(20);
  });

  it('tells listeners of beginnings and ends until they have heard enough', () => {
    const record = new WireRecord();
    const heard: string[] = [];
    const off = record.on((event, phase) => heard.push(`${'name' in event ? event.name : ''} ${phase}`));
    const event = command('A');
    record.start(event);
    record.end(event);
    off();
    record.start(command('B'));
    expect(heard).toEqual(['A started', 'A ended']);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a bound of %s', (maxEvents) => {
    expect(() => new WireRecord({ maxEvents })).toThrow(
      /^wiretap option maxEvents must be a whole number above 0, got/,
    );
  });
});

describe('waitFor', () => {
  const isB = (event: object): event is RedisEvent => 'name' in event && event.name === 'B';

  it('finds what is there, and what has still to come', async () => {
    const record = new WireRecord();
    const coming = record.waitFor(isB, { timeoutMs: 10_000 });
    record.start(command('A'));
    record.start(command('B'));
    expect((await coming).seq).toBe(1);
    expect((await record.waitFor(isB, { timeoutMs: 10_000 })).seq).toBe(1);
  });

  it('looks past the mark it is given', async () => {
    const record = new WireRecord();
    record.start(command('B'));
    const coming = record.waitFor(isB, { timeoutMs: 10_000, from: record.mark() });
    record.end(record.events[0]!);
    record.start(command('B'));
    expect((await coming).seq).toBe(1);
  });

  it('asks again when the reply is there', async () => {
    const record = new WireRecord();
    const event = command('B');
    record.start(event);
    const answered = record.waitFor((each) => each.endedAt !== undefined, { timeoutMs: 10_000 });
    event.endedAt = 5;
    record.end(event);
    expect(await answered).toBe(event);
  });

  it('rejects with what was waited for, and with what was seen instead', async () => {
    const record = new WireRecord();
    record.start(command('old'));
    const from = record.mark();
    const waiting = record.waitFor(isB, { timeoutMs: 1, from, what: 'a B' });
    record.start(command('A'));
    const error = await waiting.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(WaitTimeout);
    expect(error).toMatchObject({
      message: 'waited 1 ms for a B; 1 other event(s) crossed the wire',
      what: 'a B',
      timeoutMs: 1,
      seen: [{ name: 'A' }],
    });
  });

  it('rejects with what the predicate throws, now or later', async () => {
    const record = new WireRecord();
    const predicate = (): boolean => {
      throw new Error('a mistake');
    };
    const later = record.waitFor(predicate, { timeoutMs: 10_000 });
    record.start(command('A'));
    await expect(later).rejects.toThrow('a mistake');
    await expect(record.waitFor(predicate, { timeoutMs: 10_000 })).rejects.toThrow('a mistake');
  });
});
