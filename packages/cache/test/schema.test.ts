import type { StandardSchemaV1 } from '@standard-schema/spec';
import { assert, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { CacheInvalidError, CacheOptionError } from '../src/index.ts';
import { makeCache } from './support.ts';
import { makePair, manualTime, PATIENCE, UNHURRIED } from './support-time.ts';

const article = z.object({ id: z.number(), title: z.string() });
const OPTIONS = { ttlMs: 60_000, schema: article };
const good = { id: 1, title: 'a title' };
const never = () => assert.fail('this is not loaded');

describe('a schema', () => {
  it('lets through what fits it', async () => {
    const { cache } = makeCache(UNHURRIED);
    await cache.getOrLoad('key', () => good, OPTIONS);
    expect(await cache.getOrLoad('key', never, OPTIONS)).toEqual(good);
    expect(cache.stats()).toMatchObject({ hits: 1, errors: { invalid: 0 } });
  });

  it('makes a miss of what does not, counted and reported, and the load replaces it', async () => {
    const onError = vi.fn();
    const { cache, prefix } = makeCache({ ...UNHURRIED, onError });
    // An earlier version of the program stored this.
    await cache.getOrLoad('key', () => ({ id: '1' }), { ttlMs: 60_000 });
    const answer = await cache.getOrLoadWithOutcome('key', () => good, OPTIONS);
    expect(answer).toMatchObject({
      outcome: 'miss',
      reason: 'invalid',
      value: good,
      storing: { stored: true },
    });
    expect(cache.stats()).toMatchObject({ misses: 2, errors: { invalid: 1 } });
    expect(onError).toHaveBeenCalledWith(expect.any(CacheInvalidError));
    const [[error] = []] = onError.mock.calls as [CacheInvalidError][];
    assert(error !== undefined);
    expect(error.message).toContain(`${prefix}:key`);
    expect(error.issues).toHaveLength(2);
    expect(await cache.getOrLoad('key', never, OPTIONS)).toEqual(good);
  });

  it('only checks: the value is given as it was stored', async () => {
    const { cache } = makeCache(UNHURRIED);
    const changing = z.object({ id: z.number() }).transform(({ id }) => ({ id: id + 1 }));
    await cache.getOrLoad('key', () => good, { ttlMs: 60_000 });
    expect(await cache.getOrLoad<unknown>('key', never, { ttlMs: 60_000, schema: changing })).toEqual(good);
  });

  it('does not check what the loader gives: that is the loader’s own matter', async () => {
    const { cache } = makeCache(UNHURRIED);
    expect(await cache.getOrLoad('key', () => ({ id: 'x' }), OPTIONS)).toEqual({ id: 'x' });
    expect(cache.stats().errors.invalid).toBe(0);
  });

  it('is shared in its verdict: two processes replace an invalid value with one load', async () => {
    const { here, there } = makePair();
    await here.set('key', 'not an article', { ttlMs: 60_000 });
    const load = vi.fn(() => good);
    const reads = [here, there, here, there].map((cache) => cache.getOrLoad('key', load, OPTIONS));
    expect(await Promise.all(reads)).toEqual([good, good, good, good]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('may be asynchronous, and one that throws or rejects makes a miss', async () => {
    const { cache } = makeCache(UNHURRIED);
    const schemaOf = (validate: StandardSchemaV1['~standard']['validate']): StandardSchemaV1 => ({
      '~standard': { version: 1, vendor: 'test', validate },
    });
    await cache.set('key', good, { ttlMs: 60_000 });
    const slow = schemaOf((value) => Promise.resolve({ value }));
    expect(await cache.getOrLoad('key', never, { ttlMs: 60_000, schema: slow })).toEqual(good);
    const throwing = schemaOf(() => {
      throw new Error('a bug in the schema');
    });
    const rejecting = schemaOf(() => Promise.reject(new Error('a bug in the schema')));
    for (const schema of [throwing, rejecting]) {
      const answer = await cache.getOrLoadWithOutcome('key', () => good, { ttlMs: 60_000, schema });
      expect(answer).toMatchObject({ outcome: 'miss', reason: 'invalid', value: good });
    }
    expect(cache.stats().errors.invalid).toBe(2);
  });

  it('checks what is read as JSON bytes, and many, and what is past its time', async () => {
    const time = manualTime();
    const { cache } = makeCache({ ...UNHURRIED, time });
    const bad = { id: 'x' };
    await cache.set('json', bad, { ttlMs: 60_000 });
    expect((await cache.getOrLoadJson('json', () => good, OPTIONS)).toString()).toBe(JSON.stringify(good));
    expect((await cache.getOrLoadJson('json', never, OPTIONS)).toString()).toBe(JSON.stringify(good));

    await cache.set('row:1', bad, { ttlMs: 60_000 });
    const loadMany = (ids: number[]) => new Map(ids.map((id) => [id, good]));
    const many = await cache.getOrLoadMany([1], loadMany, { ...OPTIONS, key: (id) => `row:${id}` });
    expect(many.get(1)).toEqual(good);

    const sie = { ttlMs: 1_000, staleIfErrorMs: 50_000 };
    await cache.getOrLoad<unknown>('old', () => bad, sie);
    time.advance(1_000);
    const failure = new Error('the database is away');
    const failing = () => Promise.reject(failure);
    await expect(cache.getOrLoad('old', failing, { ...sie, schema: article })).rejects.toBe(failure);
  });

  it('checks what the near cache has, too', async () => {
    const { cache } = makeCache({ ...UNHURRIED, near: { maxEntries: 10 } });
    await vi.waitFor(async () => {
      const answer = await cache.getOrLoadWithOutcome<unknown>('key', () => 'not an article', {
        ttlMs: 60_000,
      });
      expect(answer).toMatchObject({ reason: 'near' });
    }, PATIENCE);
    const load = vi.fn(() => good);
    expect(await cache.getOrLoad('key', load, OPTIONS)).toEqual(good);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('must be one', async () => {
    const { cache } = makeCache(UNHURRIED);
    for (const schema of [{}, null, 'zod', () => true]) {
      // @ts-expect-error: none of these is a schema
      const read = cache.getOrLoad('key', () => 1, { ttlMs: 1_000, schema });
      await expect(read).rejects.toThrow(CacheOptionError);
    }
  });
});
