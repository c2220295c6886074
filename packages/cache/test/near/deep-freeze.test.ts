import { describe, expect, it } from 'vitest';
import { deepFreeze } from '../../src/near/deep-freeze.ts';

describe('deepFreeze', () => {
  it('freezes plain objects and arrays, all the way down', () => {
    const value = {
      rows: [{ id: 1, tags: ['a'] }],
      author: Object.assign(Object.create(null), { name: 'n' }),
    };
    deepFreeze(value);
    const parts = [value, value.rows, value.rows[0], value.rows[0]?.tags, value.author];
    expect(parts.map((part) => Object.isFrozen(part))).toEqual([true, true, true, true, true]);
    expect(() => value.rows.push({ id: 2, tags: [] })).toThrow(TypeError);
  });

  it('leaves what would break, and all that it holds', () => {
    class Point {
      x = 1;
    }
    const held = { inside: true };
    const value = {
      date: new Date(0),
      map: new Map([['a', held]]),
      bytes: Buffer.from('b'),
      point: new Point(),
    };
    deepFreeze(value);
    value.date.setTime(1);
    value.bytes[0] = 0;
    value.point.x = 2;
    held.inside = false;
    expect([Object.isFrozen(value), value.date.getTime(), value.bytes[0], value.point.x]).toEqual([
      true,
      1,
      0,
      2,
    ]);
  });

  it.each([undefined, null, 0, '', 1n, true, Symbol('s')])('takes %s as it is', (value) => {
    expect(() => deepFreeze(value)).not.toThrow();
  });

  it('comes to an end in a value that contains itself', () => {
    const value: { self?: unknown; list: unknown[] } = { list: [] };
    value.self = value;
    value.list.push(value);
    deepFreeze(value);
    expect([Object.isFrozen(value), Object.isFrozen(value.list)]).toEqual([true, true]);
  });

  it('has no limit of depth', () => {
    const root: unknown[] = [];
    let inner = root;
    for (let depth = 0; depth < 100_000; depth++) {
      const next: unknown[] = [];
      inner.push(next);
      inner = next;
    }
    deepFreeze(root);
    expect(Object.isFrozen(inner)).toBe(true);
  });
});
