import { describe, expect, it } from 'vitest';
import { History } from '../../src/dashboard/history.ts';
import type { Figures, HistoryEvent, Sample } from '../../src/dashboard/sample.ts';
import { FIELDS, fromRow, toRow } from '../../src/dashboard/sample.ts';

function sample(at: number, value: number | null = 0.123456): Sample {
  const figures = Object.fromEntries(FIELDS.map((field) => [field, value])) as unknown as Figures;
  return {
    figures: { ...figures, at },
    state: { redis: 'ok', mysql: 'ok', keys: null, session: { requests: at, reads: 0, hits: 0 } },
  };
}

function read(event: Buffer): { id: string; data: HistoryEvent } {
  const [, id = '', data = ''] = /^id: (.+)\nevent: history\ndata: (.+)\n\n$/s.exec(event.toString()) ?? [];
  return { id, data: JSON.parse(data) as HistoryEvent };
}

const times = (event: Buffer) => read(event).data.rows.map(([at]) => at);

describe('rows', () => {
  it('keep four digits, the whole time, and what is not there', () => {
    const row = toRow({ ...sample(1_795_292_267_880).figures, maxMemoryBytes: null, requestRate: 123_456 });
    const figures = fromRow(row);
    expect(figures.at).toBe(1_795_292_267_880);
    expect(figures.hitRatio).toBe(0.1235);
    expect(figures.requestRate).toBe(123_500);
    expect(figures.maxMemoryBytes).toBeNull();
  });
});

describe('History', () => {
  it('opens with all there is, and forgets the oldest', () => {
    const history = new History(3);
    expect(read(history.opening()).data).toEqual({ resumed: false, rows: [], marks: [], state: null });
    for (const at of [1, 2, 3, 4]) history.add(sample(at));
    expect(times(history.opening())).toEqual([2, 3, 4]);
    expect(read(history.opening()).data.state?.session.requests).toBe(4);
    expect(history.latest?.figures.at).toBe(4);
  });

  it('gives one who was here before what came since', () => {
    const history = new History(5);
    for (const at of [1, 2]) history.add(sample(at));
    const { id } = read(history.opening());
    expect(read(history.opening(id)).data).toMatchObject({ resumed: true, rows: [] });
    for (const at of [3, 4]) history.add(sample(at));
    const { data } = read(history.opening(id));
    expect(data.resumed).toBe(true);
    expect(data.rows.map(([at]) => at)).toEqual([3, 4]);
  });

  it('gives all to one who was away for too long, came from elsewhere, or says nonsense', () => {
    const history = new History(3);
    history.add(sample(1));
    const { id } = read(history.opening());
    for (const at of [2, 3, 4, 5]) history.add(sample(at));
    const ahead = id.replace(/\d+$/, '999');
    for (const given of [id, ahead, '12345678-5', 'x', '', `${id}-1`, '-1', undefined]) {
      expect(read(history.opening(given)).data).toMatchObject({ resumed: false });
      expect(times(history.opening(given))).toEqual([3, 4, 5]);
    }
  });

  it('keeps marks, and gives again those that a reader may have missed', () => {
    const history = new History();
    history.add(sample(1));
    expect(history.mark({ at: 1, text: 'early' }).toString()).toContain('event: mark');
    history.add(sample(2));
    const { id } = read(history.opening());
    history.mark({ at: 2, text: 'Redis\nstopped' });
    const texts = (given?: string) => read(history.opening(given)).data.marks.map(({ text }) => text);
    expect(texts()).toEqual(['early', 'Redis\nstopped']);
    expect(texts(id)).toEqual(['Redis\nstopped']);
  });

  it('keeps an hour in half a megabyte', () => {
    const history = new History();
    for (let at = 1_795_292_267_880; at < 1_795_292_267_880 + 4_000_000; at += 1_000)
      history.add(sample(at, 123.4567));
    const opening = history.opening();
    expect(read(opening).data.rows).toHaveLength(3_600);
    expect(opening.length).toBeLessThan(512 * 1_024);
    expect(history.opening()).toBe(opening);
  });
});
