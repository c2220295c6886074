import { describe, expect, it } from 'vitest';
import { Samples } from '../../src/client/dashboard/samples.ts';
import type { Figures } from '../../src/dashboard/sample.ts';
import { FIELDS } from '../../src/dashboard/sample.ts';
import { showFigure, showKeys, showTrouble } from '../../src/dashboard/show.ts';

function figures(at: number, value: number | null = 1): Figures {
  const all = Object.fromEntries(FIELDS.map((field) => [field, value])) as unknown as Figures;
  return { ...all, at };
}

describe('the samples of a page', () => {
  it('stand in columns, each sample once', () => {
    const samples = new Samples();
    for (const at of [1_000, 2_000, 2_000, 1_500, 3_000]) samples.add(figures(at, at));
    expect(samples.column('at')).toEqual([1_000, 2_000, 3_000]);
    expect(samples.column('requestRate')).toEqual([1_000, 2_000, 3_000]);
    expect(samples.latest?.at).toBe(3_000);
  });

  it('have a gap where nothing was heard', () => {
    const samples = new Samples();
    for (const at of [1_000, 2_000, 9_000]) samples.add(figures(at));
    expect(samples.column('at')).toEqual([1_000, 2_000, 2_001, 9_000]);
    expect(samples.column('hitRatio')).toEqual([1, 1, null, 1]);
  });

  it('are no more than two hours, and found by time', () => {
    const samples = new Samples();
    for (let second = 1; second <= 7_300; second++) samples.add(figures(second * 1_000));
    expect(samples.length).toBe(7_200);
    expect(samples.column('at')[0]).toBe(101_000);
    expect(samples.column('at')[samples.from(7_000_000)]).toBe(7_000_000);
    expect(samples.from(0)).toBe(0);
    expect(samples.from(8_000_000)).toBe(7_200);
  });

  it('keep a mark once, and begin anew', () => {
    const samples = new Samples();
    samples.add(figures(1_000));
    for (const text of ['a', 'a', 'b']) samples.mark({ at: 1, text });
    expect(samples.marks.map(({ text }) => text)).toEqual(['a', 'b']);
    samples.clear();
    expect([samples.length, samples.marks.length, samples.latest]).toEqual([0, 0, undefined]);
  });
});

describe('showFigure', () => {
  it.each([
    ['hitRatio', null, 'share', '–'],
    ['hitRatio', 0, 'share', '0 %'],
    ['hitRatio', 1, 'share', '100 %'],
    ['hitRatio', 0.9997, 'share', '99.9 %'],
    ['hitRatio', 0.0001, 'share', '0.1 %'],
    ['requestRate', 0, 'rate', '0 /s'],
    ['requestRate', 0.04, 'rate', '0.04 /s'],
    ['requestRate', 12_345.6, 'rate', '12,346 /s'],
    ['hitP50', 0.84, 'ms', '0.84 ms'],
    ['missP99', 1_210, 'ms', '1.2 s'],
    ['usedMemoryBytes', 134_217_728, 'bytes', '128 MiB'],
    ['maxMemoryBytes', 0, 'bytes', 'none'],
    ['connectedClients', 7, 'count', '7'],
  ] as const)('%s %s (%s) is %s', (field, value, unit, text) => {
    expect(showFigure(field, value, unit)).toBe(text);
  });
});

describe('showKeys', () => {
  const group = { name: 'articles:search:', keys: 1_234, leastTtlMs: 5_000, mostTtlMs: 60_000, lasting: 0 };

  it('says when keys expire, and whether all were looked at', () => {
    const all = showKeys({ groups: [group], total: 1_234, complete: true });
    expect(all.rows).toEqual([['articles:search:', '1,234', 'in 5 s', 'in 60 s']]);
    expect(all.caption).toBe('1,234 keys in this database, and each was looked at.');
    const some = showKeys({ groups: [{ ...group, lasting: 1 }], total: 99_999, complete: false });
    expect(some.rows).toEqual([['articles:search:', 'at least 1,234', 'in 5 s', 'never']]);
    expect(some.caption).toContain('“at least”');
  });

  it('says of keys that none of them expires', () => {
    const groups = [{ ...group, leastTtlMs: null, mostTtlMs: null, lasting: 1_234 }];
    expect(showKeys({ groups, total: 1, complete: true }).rows[0]?.slice(2)).toEqual(['never', 'never']);
  });
});

describe('showTrouble', () => {
  const state = { keys: null, session: { requests: 0, reads: 0, hits: 0 } };
  it.each([
    ['ok', 'ok', undefined],
    ['away', 'ok', 'Redis is not answering'],
    ['ok', 'away', 'MySQL is not answering'],
    ['away', 'away', 'Redis and MySQL are not answering'],
    ['unwatched', 'unwatched', undefined],
  ] as const)('of Redis %s and MySQL %s', (redis, mysql, words) => {
    const said = showTrouble({ ...state, redis, mysql });
    if (words === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(words);
  });
});
