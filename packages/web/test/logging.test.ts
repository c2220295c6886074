import { describe, expect, inject, it, vi } from 'vitest';
import { startDemo, useArticles } from './support.ts';

const database = useArticles();

function requests(log: readonly string[]): unknown[] {
  return log
    .map((line): unknown => JSON.parse(line))
    .filter((line) => JSON.stringify(line).includes('"req":'));
}

/** A request's line is written once its answer has gone out, which its client may know a moment earlier. */
async function logged(log: readonly string[], count: number): Promise<void> {
  await vi.waitFor(() => expect(requests(log)).toHaveLength(count), { timeout: 20_000 });
}

describe('the log', () => {
  it('has a line a request, with the id that the response carries', async () => {
    const { get, log } = await startDemo(database);
    const response = await get('/query_mysql?term=zebra');
    const id = response.headers.get('x-request-id');
    expect(id).toMatch(/^[\da-f-]{36}$/);
    await logged(log, 1);
    expect(requests(log)).toEqual([
      expect.objectContaining({
        level: 30,
        req: { id, method: 'GET', url: '/query_mysql?term=zebra' },
        res: { statusCode: 200 },
        responseTime: expect.any(Number),
      }),
    ]);
  });

  it("keeps the caller's id when it is one", async () => {
    const { get } = await startDemo(database);
    const idFor = async (id: string) =>
      (await get('/healthz', { headers: { 'X-Request-Id': id } })).headers.get('x-request-id');
    expect(await idFor('trace-0123456789')).toBe('trace-0123456789');
    expect(await idFor('x" onload="y')).toMatch(/^[\da-f-]{36}$/);
    expect(await idFor('y'.repeat(65))).toMatch(/^[\da-f-]{36}$/);
  });

  it('leaves out the probes, and what a header may hold', async () => {
    const { get, log } = await startDemo(database);
    await get('/healthz');
    await get('/readyz');
    expect(requests(log)).toEqual([]);
    await get('/', { headers: { Authorization: 'Bearer abc123', Cookie: 'session=abc123' } });
    await logged(log, 1);
    expect(log.join('')).not.toContain('abc123');
  });

  it('never has a password, not even one that Redis refused', async () => {
    const redisUrl = new URL(inject('redisUrl'));
    redisUrl.password = 'wrong-secret';
    const { get, log } = await startDemo({ ...database, redisUrl: redisUrl.href, redisTimeoutMs: 2_000 });
    const response = await get('/query_cache');
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-status')).toContain('fwd=bypass');
    expect(log.join('')).toContain('went on without Redis');
    expect(log.join('')).not.toContain('wrong-secret');
    expect(log.join('')).not.toContain(new URL(database.mysqlUrl).password);
  });
});
