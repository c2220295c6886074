import { describe, expect, it } from 'vitest';
import { distribution } from '../src/compare/distribution.ts';
import { stripChart } from '../src/compare/strip-chart.ts';
import { startDemo, startTappedDemo, textOf, useArticles } from './support.ts';

const database = useArticles();

/** The events of a stream that has ended: name and HTML. */
async function eventsOf(response: Response): Promise<{ name: string; html: string }[]> {
  const blocks = (await response.text()).split('\n\n').filter(Boolean);
  return blocks.map((block) => {
    const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
    return { name, html: (JSON.parse(data) as { html: string }).html };
  });
}

describe('GET /compare/events', () => {
  it('measures both by turns and tells after each, with a miss before the first', async () => {
    const demo = await startTappedDemo(database);
    const response = await demo.get('/compare/events?term=delta&runs=10');
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const events = await eventsOf(response);
    expect(events.map(({ name }) => name)).toEqual([...Array.from({ length: 10 }, () => 'state'), 'over']);
    const text = textOf(events.at(-1)?.html ?? '');
    expect(text).toMatch(/\d× as (fast|slow) as MySQL/);
    expect(text).toContain('10 runs each, by turns. A read of the cache went before, and was a miss');
    expect(text).toMatch(/MySQL [\d.]+ ms [\d.]+ ms [\d.]+ ms Cache [\d.]+ ms [\d.]+ ms [\d.]+ ms/);
    // The miss, and ten of MySQL's own.
    const selects = demo.mysqlTap.record.events.filter(({ kind }) => kind === 'execute');
    expect(selects).toHaveLength(11);
  });

  it('breaks off with a word when MySQL goes, and lets the next one have its turn', async () => {
    const demo = await startTappedDemo(database);
    const hold = demo.mysqlTap.weather.hold((event) => event.kind === 'execute');
    const first = demo.get('/compare/events?runs=10');
    await hold.arrived;
    const second = await demo.get('/compare/events?runs=10&term=zebra');
    demo.mysqlTap.weather.refuse();
    hold.release();
    expect((await eventsOf(await first)).at(-1)?.name).toBe('broken');
    demo.mysqlTap.weather.clear();
    const events = await eventsOf(second);
    expect(events[0]?.name).toBe('waiting');
    expect(['over', 'broken']).toContain(events.at(-1)?.name);
  });

  it.each([
    ['runs', 'runs=7', 'must be one of 10, 20, 50, 100'],
    ['limit', 'runs=10&limit=0', 'must be a whole number from 1 to 500'],
  ])('says what is wrong with %s', async (_name, query, problem) => {
    const { get } = await startDemo(database);
    for (const path of ['/compare', '/compare/events']) {
      const response = await get(`${path}?${query}`);
      expect(response.status).toBe(400);
      expect(textOf(await response.text())).toContain(problem);
    }
  });
});

describe('GET /compare', () => {
  it('has the form, and with runs the result: no script is needed', async () => {
    const { get } = await startDemo(database);
    expect(textOf(await (await get('/compare?term=zebra')).text())).not.toContain('as MySQL');
    const text = textOf(await (await get('/compare?term=zebra&runs=10')).text());
    expect(text).toMatch(/\d× as (fast|slow) as MySQL/);
  });
});

describe('what the times say', () => {
  it('gives times that were measured', () => {
    const times = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(distribution(times)).toMatchObject({ p50: 50, p95: 95, p99: 99 });
    expect(distribution([3, 1, 2])).toMatchObject({ p50: 2, p95: 3, p99: 3 });
    expect(distribution([7])).toMatchObject({ p50: 7, p95: 7, p99: 7 });
    expect(distribution([])).toBeUndefined();
  });

  it('draws equal ratios as equal distances, and all within its width', () => {
    const chart = stripChart(distribution([1_000, 100, 10]), distribution([1, 0.1]));
    expect(chart?.ticks.map(({ label }) => label)).toEqual(['0.1 ms', '1 ms', '10 ms', '100 ms', '1 s']);
    const xs = chart?.ticks.map(({ x }) => x) ?? [];
    expect(new Set(xs.slice(1).map((x, index) => Math.round(x - (xs[index] ?? 0)))).size).toBe(1);
    for (const { dots } of chart?.rows ?? []) {
      for (const { x } of dots) expect(x).toSatisfy((at: number) => at >= 4 && at <= 96);
    }
    expect(stripChart(distribution([5]), distribution([5]))?.ticks.length).toBeGreaterThan(1);
    expect(stripChart(undefined, distribution([5]))).toBeUndefined();
  });
});
