import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { outcomeOf, RequestMeter } from '../../src/dashboard/request-meter.ts';

describe('outcomeOf', () => {
  it.each([
    ['redis; hit', 'hit'],
    ['redis; hit; ttl=57; key="a:search:delta:500"', 'hit'],
    ['near;hit', 'hit'],
    ['redis; fwd=miss; stored; ttl=60; key="k"; detail=absent', 'miss'],
    ['redis; fwd=bypass; key="k"; detail=unavailable', 'miss'],
    ['redis; fwd=bypass; detail=not-asked', 'not-asked'],
    ['redis; fwd=miss; key="a; hit; b"; detail=absent', 'miss'],
    [String.raw`redis; fwd=miss; key="say \"x\"; hit; detail=not-asked"; detail=absent`, 'miss'],
    ['redis; fwd=miss; key="a"; detail=hitherto', 'miss'],
  ])('%s is a %s', (header, outcome) => {
    expect(outcomeOf(header)).toBe(outcome);
  });
});

async function metered(): Promise<{ meter: RequestMeter; url: string }> {
  const meter = new RequestMeter();
  const app = express();
  app.use('/before', (_request, response) => void response.end());
  app.use(meter.handler);
  app.use('/hit', (_request, response) => void response.set('Cache-Status', 'redis; hit').end('x'));
  app.use('/miss', (_request, response) => void response.set('Cache-Status', 'redis; fwd=miss').end('x'));
  app.use('/mysql', (_request, response) => {
    response.set('Cache-Status', 'redis; fwd=bypass; detail=not-asked').end('x');
  });
  app.use('/failing', (_request, response) => void response.status(503).end('x'));
  app.use('/endless', (_request, response) => void response.set('Cache-Status', 'redis; hit').write('x'));
  app.use('/other', (_request, response) => void response.end('x'));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { meter, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('RequestMeter', () => {
  it('counts answers by what they say of the cache', async () => {
    const { meter, url } = await metered();
    for (const path of ['/hit', '/hit', '/miss', '/mysql', '/other', '/failing', '/before'])
      await (await fetch(url + path)).text();
    await vi.waitFor(() => expect(meter.totals().requests).toBe(6), { timeout: 20_000 });
    expect(meter.totals()).toMatchObject({ failures: 1, reads: 3, hits: 2 });
    expect(meter.totals().hitMs.count).toBe(2);
    expect(meter.totals().missMs.count).toBe(2);
  });

  it('counts a reader who left early as a failure, without a time', async () => {
    const { meter, url } = await metered();
    const request = get(`${url}/endless`);
    await once(request, 'response');
    request.destroy();
    await vi.waitFor(() => expect(meter.totals().failures).toBe(1), { timeout: 20_000 });
    expect(meter.totals()).toMatchObject({ requests: 1, reads: 1, hits: 1 });
    expect(meter.totals().hitMs.count).toBe(0);
  });
});
