import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readPlan } from '../../src/load/plan.ts';
import { Load } from '../../src/load/load.ts';
import type { LoadState } from '../../src/load/state.ts';
import type { App } from '../dashboard/app.ts';
import { openApp } from '../dashboard/support.ts';
import { textOf, useArticles } from '../support.ts';

const database = useArticles();
const LIMIT = { timeout: 20_000 };

function post(
  app: App,
  path: string,
  fields?: object,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(app.url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(fields ?? {}),
  });
}

describe('a run', () => {
  it('asks as often as it was told, and tells how it went', async () => {
    const app = await openApp(database);
    const answer = await post(app, '/load', { requests: 300, callers: 4, seconds: 60, mysqlShare: 10 });
    expect(answer.status).toBe(202);
    expect(await answer.json()).toMatchObject({
      phase: 'running',
      plan: { requests: 300, callers: 4, zipf: 1 },
    });
    await app.load.ended;
    const { phase, progress } = app.load.state;
    expect(phase).toBe('done');
    expect(progress).toMatchObject({ answered: 300, failed: 0, statuses: { 200: 300 } });
    expect(progress?.p50).toBeGreaterThan(0);
    expect(progress?.p99).toBeGreaterThanOrEqual(progress?.p50 ?? Infinity);
    expect(progress?.perSecond).toBeGreaterThan(0);
    expect(progress?.bytes).toBeGreaterThan(300);
    await vi.waitFor(() => expect(app.dashboard.meter.totals().requests).toBe(300), LIMIT);
    const { reads, hits } = app.dashboard.meter.totals();
    expect(reads).toBeLessThan(300);
    expect(hits).toBeGreaterThan(50);
    const page = textOf(await (await fetch(`${app.url}/dashboard`)).text());
    expect(page).toContain('Done.');
    expect(page).toContain('Answered 300');
  });

  it('ends when it is stopped, and another can begin', async () => {
    const app = await openApp(database);
    await post(app, '/load', { requests: 200_000, seconds: 60 });
    await vi.waitFor(() => expect(app.load.state.progress?.answered).toBeGreaterThan(0), LIMIT);
    expect((await post(app, '/load/stop')).status).toBe(202);
    await app.load.ended;
    expect(app.load.state.phase).toBe('stopped');
    expect(app.load.state.progress?.failed).toBe(0);
    await post(app, '/load', { requests: 1 });
    await app.load.ended;
    expect(app.load.state).toMatchObject({ phase: 'done', progress: { answered: 1 } });
  });

  it('ends when its time is over', async () => {
    const app = await openApp(database);
    await post(app, '/load', { requests: 200_000, seconds: 1, callers: 2 });
    await app.load.ended;
    expect(app.load.state.phase).toBe('done');
    expect(app.load.state.progress?.seconds).toBeGreaterThanOrEqual(1);
    expect(app.load.state.progress?.answered).toBeLessThan(200_000);
  });

  it('is one at a time', async () => {
    const app = await openApp(database);
    await post(app, '/load', { requests: 200_000 });
    const second = await post(app, '/load', { requests: 5 });
    expect(second.status).toBe(409);
    expect(await second.json()).toMatchObject({ detail: 'A run is under way.', status: 409 });
    expect(app.load.state.plan?.requests).toBe(200_000);
    await app.load.close();
    expect(app.load.state.phase).toBe('stopped');
    expect((await post(app, '/load', { requests: 5 })).status).toBe(409);
  });

  it('counts what failed, by status and without an answer', async () => {
    let asked = 0;
    const server = createServer((request, response) => {
      asked++;
      if (asked % 3 === 0) request.socket.destroy();
      else response.writeHead(asked % 3 === 1 ? 503 : 404).end('no');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const states: LoadState[] = [];
    const load = new Load({ url: () => `http://127.0.0.1:${port}`, onChange: (state) => states.push(state) });
    onTestFinished(async () => {
      await load.close();
      server.closeAllConnections();
      server.close();
    });
    expect(load.start(readPlan({ requests: 30, callers: 1 }))).toBe(true);
    await load.ended;
    expect(states[0]?.phase).toBe('running');
    expect(load.state).toMatchObject({
      phase: 'done',
      progress: { answered: 20, failed: 20, statuses: { 404: 10, 503: 10 } },
    });
  });

  it('asks only the cache where that is all there is, and is known as its server’s own', async () => {
    const asked: string[] = [];
    let isOwn = true;
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      isOwn &&= load.isOwn(request);
      response.end('x');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const load = new Load({ url: () => `http://127.0.0.1:${port}`, cacheOnly: true });
    onTestFinished(async () => {
      await load.close();
      server.close();
    });
    expect(() => load.start(readPlan({ mysqlShare: 1 }))).toThrow('mysqlShare must be 0 here');
    load.start(readPlan({ requests: 50, limit: 7 }));
    await load.ended;
    expect(asked).toHaveLength(50);
    for (const path of asked) expect(path).toMatch(/^\/query_cache\?term=[^&]+&limit=7$/);
    expect(isOwn).toBe(true);
    expect(new Load({ url: () => '' }).isOwn({ headers: { 'workshop-load': '' } } as never)).toBe(false);
  });
});

describe('POST /load', () => {
  it('takes a form, and leads back to the dashboard', async () => {
    const app = await openApp(database);
    const form = new URLSearchParams({ requests: '2', callers: '1' });
    const answer = await fetch(`${app.url}/load`, { method: 'POST', body: form, redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/dashboard#load']);
    await app.load.ended;
    expect(app.load.state.progress?.answered).toBe(2);
    const stop = await fetch(`${app.url}/load/stop`, { method: 'POST', body: form, redirect: 'manual' });
    expect(stop.status).toBe(303);
  });

  it.each([
    ['a value out of range', 400, '{"callers":65}', 'callers must be a whole number from 1 to 64.'],
    ['an address', 400, '{"url":"http://192.0.2.1/"}', 'url is unknown here.'],
    ['what is no JSON', 400, '{', 'Its body is not well formed.'],
    ['JSON that is no object', 400, '[1]', 'body must be a form or a JSON object.'],
    ['too much', 413, JSON.stringify({ term: 'x'.repeat(5_000) }), 'The body is longer than it may be.'],
  ])('refuses %s', async (_, status, body, words) => {
    const app = await openApp(database);
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch(`${app.url}/load`, { method: 'POST', headers, body });
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(words);
    expect(app.load.state.phase).toBe('idle');
  });

  it('is for this site’s own pages, and for POST', async () => {
    const app = await openApp(database);
    for (const path of ['/load', '/load/stop']) {
      expect((await post(app, path, {}, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
      expect((await fetch(app.url + path)).status).toBe(405);
    }
    expect(app.load.state.phase).toBe('idle');
  });
});
