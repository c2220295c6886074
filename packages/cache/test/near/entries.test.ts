import { describe, expect, it } from 'vitest';
import { Entries } from '../../src/near/entries.ts';

function make(maxEntries = 10) {
  const clock = { now: 1_000_000 };
  const entries = new Entries(maxEntries, () => clock.now);
  const put = (name: string, value: unknown, { tagKeys = [] as string[], ttlMs = Infinity } = {}) =>
    entries.put(entries.begin(name), value, `meta of ${name}`, tagKeys, ttlMs);
  const values = (...names: string[]) => names.map((name) => entries.get(name)?.value);
  return { clock, entries, put, values };
}

describe('an entry', () => {
  it('is given back with what it was put with', () => {
    const { entries, put } = make();
    put('a', { id: 1 }, { ttlMs: 500 });
    expect(entries.get('a')).toMatchObject({ value: { id: 1 }, meta: 'meta of a', expiresAt: 1_000_500 });
    expect(entries.get('b')).toBeUndefined();
  });

  it('may be any value, undefined included', () => {
    const { entries, put } = make();
    put('a', undefined);
    expect(entries.get('a')).toMatchObject({ value: undefined });
  });

  it('is not given past its time, and then lets its room go', () => {
    const { clock, entries, put, values } = make();
    put('a', 1, { ttlMs: 500 });
    clock.now += 499;
    expect(values('a')).toEqual([1]);
    clock.now += 1;
    expect([values('a'), entries.size]).toEqual([[undefined], 0]);
  });

  it('has its time counted from when its read began', () => {
    const { clock, entries, values } = make();
    const ticket = entries.begin('a');
    const lateTicket = entries.begin('b');
    clock.now += 300;
    entries.put(ticket, 1, undefined, [], 500);
    entries.put(lateTicket, 1, undefined, [], 300);
    expect(values('a', 'b')).toEqual([1, undefined]);
    clock.now += 200;
    expect(values('a')).toEqual([undefined]);
  });

  it('goes when there are too many, the one that was not asked for the longest', () => {
    const { entries, put, values } = make(2);
    put('a', 1);
    put('b', 2);
    values('a');
    put('c', 3);
    expect([values('a', 'b', 'c'), entries.size]).toEqual([[1, undefined, 3], 2]);
  });

  it('goes with a flush, which counts', () => {
    const { entries, put, values } = make();
    put('a', 1);
    put('b', 2);
    expect([entries.flush(), entries.flush(), values('a', 'b')]).toEqual([2, 0, [undefined, undefined]]);
  });
});

describe('a tag', () => {
  it('drops all that carry it, and nothing else', () => {
    const { entries, put, values } = make();
    put('a', 1, { tagKeys: ['t1'] });
    put('b', 2, { tagKeys: ['t1', 't2'] });
    put('c', 3, { tagKeys: ['t2'] });
    put('d', 4);
    entries.drop('t1');
    expect(values('a', 'b', 'c', 'd')).toEqual([undefined, undefined, 3, 4]);
  });

  it('can be carried again after it was dropped', () => {
    const { entries, put, values } = make();
    put('a', 1, { tagKeys: ['t'] });
    entries.drop('t');
    put('a', 2, { tagKeys: ['t'] });
    put('b', 3, { tagKeys: ['t'] });
    expect(values('a', 'b')).toEqual([2, 3]);
    entries.drop('t');
    expect(values('a', 'b')).toEqual([undefined, undefined]);
  });

  it('outlives the entries that were replaced, evicted or dropped one by one', () => {
    const { entries, put, values } = make(3);
    put('a', 1, { tagKeys: ['t', 't'] });
    put('a', 2, { tagKeys: ['t'] });
    put('b', 3, { tagKeys: ['t'] });
    entries.drop('a');
    put('c', 4);
    put('d', 5);
    put('e', 6);
    put('f', 7, { tagKeys: ['t'] });
    entries.drop('t');
    expect(values('d', 'e', 'f')).toEqual([5, 6, undefined]);
  });
});

describe('a ticket', () => {
  it('is void once its name, one of the tags, or everything was invalidated, however that came about', () => {
    const { entries } = make();
    const ticket = entries.begin('a');
    expect(entries.isValid(ticket, ['t'])).toBe(true);
    entries.drop('b');
    expect(entries.isValid(ticket, ['t'])).toBe(true);
    entries.drop('t');
    expect([entries.isValid(ticket, ['t']), entries.isValid(ticket, ['u'])]).toEqual([false, true]);
    entries.drop('a');
    expect(entries.isValid(ticket, [])).toBe(false);
    const later = entries.begin('a');
    expect(entries.isValid(later, ['t'])).toBe(true);
    entries.flush();
    expect(entries.isValid(later, [])).toBe(false);
  });
});
