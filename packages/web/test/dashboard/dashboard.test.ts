import { throwawayRedis } from '@workshop/engines/throwaway';
import { createMysqlTap } from '@workshop/wiretap';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Figures, HistoryEvent, SampleEvent } from '../../src/dashboard/sample.ts';
import { fromRow } from '../../src/dashboard/sample.ts';
import { textOf, useArticles } from '../support.ts';
import type { App } from './app.ts';
import type { SseEvent } from './support.ts';
import { openApp, readEvents } from './support.ts';

const database = useArticles();
const LIMIT = { timeout: 20_000 };

const isSample = ({ event }: SseEvent) => event === 'sample';
const figuresOf = ({ data }: SseEvent): Figures => fromRow((data as SampleEvent).row);

/** Resolves to the first sample of which this is true. */
async function sampleWhere(
  app: App,
  isIt: (figures: Figures, event: SampleEvent) => boolean,
): Promise<Figures> {
  const isMatch = (event: SseEvent) => isSample(event) && isIt(figuresOf(event), event.data as SampleEvent);
  const events = await readEvents(`${app.url}/dashboard/events`, (read) => read.some(isMatch));
  const found = events.find(isMatch);
  if (found === undefined) throw new Error('The stream ended before there was such a sample.');
  return figuresOf(found);
}

const ask = async (app: App, path: string) => await (await fetch(app.url + path)).text();

describe('the stream', () => {
  it('begins with the history, then gives a sample again and again, to everybody the same', async () => {
    const app = await openApp({ ...database, everyMs: 200 });
    await vi.waitFor(() => expect(app.dashboard.latest).toBeDefined(), LIMIT);
    const read = () =>
      readEvents(`${app.url}/dashboard/events`, (events) => events.filter(isSample).length === 4);
    const [one, other] = await Promise.all([read(), read()]);
    expect(one.map(({ event }) => event)).toEqual(['history', 'sample', 'sample', 'sample', 'sample']);
    const history = one[0]?.data as HistoryEvent;
    expect(history.resumed).toBe(false);
    expect(history.rows.length).toBeGreaterThan(0);
    const times = [...history.rows, ...one.slice(1).map(({ data }) => (data as SampleEvent).row)].map(
      ([at]) => at,
    );
    expect(times).toEqual(times.toSorted((before, after) => Number(before) - Number(after)));
    // They may have come on either side of a sample.
    const shared = one.slice(1).filter(({ id }) => other.some((event) => event.id === id && isSample(event)));
    expect(shared.length).toBeGreaterThan(0);
    expect(other).toEqual(expect.arrayContaining(shared));
  });

  it('resumes where a reader was', async () => {
    const app = await openApp({ ...database, everyMs: 200 });
    const url = `${app.url}/dashboard/events`;
    const before = await readEvents(url, (events) => events.filter(isSample).length === 2);
    const last = before.at(-1);
    await vi.waitFor(
      () => expect(app.dashboard.latest?.figures.at).toBeGreaterThan(figuresOf(last!).at),
      LIMIT,
    );
    const [first] = await readEvents(url, (events) => events.length > 0, {
      'Last-Event-ID': last?.id ?? '',
    });
    const history = first!.data as HistoryEvent;
    expect(history.resumed).toBe(true);
    expect(history.rows[0]?.[0]).toBeGreaterThan(figuresOf(last!).at);
  });

  it('tells of marks, and of how a load run goes', async () => {
    const app = await openApp(database);
    const reading = readEvents(`${app.url}/dashboard/events`, (events) =>
      events.some(({ event }) => event === 'load'),
    );
    await vi.waitFor(() => expect(app.dashboard.readers).toBe(1), LIMIT);
    app.dashboard.mark('Redis stopped');
    app.dashboard.showLoad(app.load.state);
    const events = await reading;
    expect(events.find(({ event }) => event === 'mark')?.data).toMatchObject({ text: 'Redis stopped' });
    expect(events.at(-1)?.data).toMatchObject({ phase: 'idle' });
  });

  it('is no stream for who asks only whether it is there', async () => {
    const app = await openApp(database);
    const answer = await fetch(`${app.url}/dashboard/events`, { method: 'HEAD' });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    expect(app.dashboard.readers).toBe(0);
  });

  it('ends when the dashboard closes', async () => {
    const app = await openApp(database);
    const reading = readEvents(`${app.url}/dashboard/events`, () => false);
    await vi.waitFor(() => expect(app.dashboard.readers).toBe(1), LIMIT);
    await app.dashboard.close();
    await reading;
    expect((await fetch(`${app.url}/dashboard/events`)).status).toBe(503);
  });
});

describe('a sample', () => {
  it('says what the cache saved', async () => {
    const app = await openApp(database);
    await ask(app, '/query_cache');
    for (let times = 0; times < 3; times++) await ask(app, '/query_cache');
    await ask(app, '/query_mysql');
    const figures = await sampleWhere(app, (_, { state }) => state.session.requests === 5);
    expect(figures.sessionHitRatio).toBe(0.75);
    expect(figures.hitP50).toBeGreaterThan(0);
    expect(figures.missP50).toBeGreaterThan(0);
    expect(app.dashboard.latest?.state).toMatchObject({
      redis: 'ok',
      mysql: 'ok',
      session: { requests: 5, reads: 4, hits: 3 },
    });
    expect(figures.usedMemoryBytes).toBeGreaterThan(0);
    expect(figures.connectedClients).toBeGreaterThan(0);
  });

  it('has nothing in place of what nobody asked for, and true zeros', async () => {
    const app = await openApp({ ...database, everyMs: 200 });
    const figures = await sampleWhere(app, ({ mysqlRate }) => mysqlRate !== null);
    expect(figures).toMatchObject({ hitRatio: null, sessionHitRatio: null, hitP50: null, missP99: null });
    expect(figures).toMatchObject({ requestRate: 0, failureRate: 0, savedRate: 0 });
  });

  it('has nothing of an engine that is away, and all of it when that is back', async () => {
    const server = await throwawayRedis();
    onTestFinished(() => server.stop());
    const app = await openApp({ ...database, redisUrl: server.url, everyMs: 250 });
    await sampleWhere(app, (_, { state }) => state.redis === 'ok');
    await server.kill('SIGKILL');
    const away = await sampleWhere(app, (_, { state }) => state.redis === 'away');
    expect(away).toMatchObject({ usedMemoryBytes: null, connectedClients: null, evictionRate: null });
    expect(app.dashboard.latest?.state.keys).toBeNull();
    expect(textOf(await ask(app, '/dashboard'))).toContain('Redis is not answering');
    await server.restart();
    const back = await sampleWhere(app, (_, { state }) => state.redis === 'ok');
    expect(back.usedMemoryBytes).toBeGreaterThan(0);
    expect(back.evictionRate).toBeNull();
  });

  it('comes in time when an engine hangs, and goes on when that answers again', async () => {
    const { hostname, port } = new URL(database.mysqlUrl);
    const tap = await createMysqlTap({ upstream: { host: hostname, port: Number(port) } });
    onTestFinished(() => tap.close());
    const app = await openApp({ mysqlUrl: tap.url(database.mysqlUrl), everyMs: 250 });
    await sampleWhere(app, (_, { state }) => state.mysql === 'ok');
    const hold = tap.weather.hold((event) => event.kind === 'query');
    const hung = await sampleWhere(app, (_, { state }) => state.mysql === 'away');
    expect(hung.mysqlRate).toBeNull();
    expect(hung.requestRate).toBe(0);
    hold.release();
    await sampleWhere(app, ({ mysqlRate }) => mysqlRate !== null);
  });
});

describe('the page', () => {
  it('has the latest figures without a script, and says so', async () => {
    const app = await openApp(database);
    await ask(app, '/query_cache');
    await ask(app, '/query_cache');
    await vi.waitFor(() => expect(app.dashboard.latest?.state.session.requests).toBe(2), LIMIT);
    const html = await ask(app, '/dashboard');
    const text = textOf(html);
    expect(text).toContain('Reload the page for newer ones');
    expect(text).toContain('this session 50 %');
    expect(text).toContain('2 requests, 2 reads of the cache, 1 hit.');
    expect(text).toMatch(/hit, p50 [\d.]+ ms/);
    expect(html).not.toMatch(/<script(?! type="module" src="\/scripts\/)|style=|onclick=/);
  });

  it('is there before the first sample', async () => {
    const app = await openApp({ ...database, everyMs: 60_000 });
    expect(textOf(await ask(app, '/dashboard'))).toContain('The first sample is being taken.');
  });
});
