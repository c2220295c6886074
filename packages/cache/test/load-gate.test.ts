import { describe, expect, it, vi } from 'vitest';
import { LoadGate } from '../src/load-gate.ts';
import { gate, makeCache } from './support.ts';
import { called, PATIENCE, UNHURRIED } from './support-time.ts';

const TTL = { ttlMs: 60_000 };

describe('the gate of loads', () => {
  it('lets so many run at once and no more, in the order in which they came', async () => {
    const loads = new LoadGate(2);
    const holds = Array.from({ length: 5 }, () => gate<number>());
    const begun: number[] = [];
    const runs = holds.map(
      (held, index) =>
        loads.admit(() => {
          begun.push(index);
          return held.promise;
        }).done,
    );
    await vi.waitFor(() => expect(begun).toEqual([0, 1]));
    expect([loads.running, loads.queued]).toEqual([2, 3]);
    holds[1]?.open(1);
    await vi.waitFor(() => expect(begun).toEqual([0, 1, 2]));
    holds.forEach((held, index) => held.open(index));
    expect(await Promise.all(runs)).toEqual([0, 1, 2, 3, 4]);
    expect([loads.running, loads.queued]).toEqual([0, 0]);
  });

  it('gives a place back when a load fails, at once or later', async () => {
    const loads = new LoadGate(1);
    const failing = [
      () => {
        throw new Error('at once');
      },
      () => Promise.reject(new Error('later')),
    ];
    for (const load of failing) await expect(loads.admit(load).done).rejects.toThrow(Error);
    expect(await loads.admit(() => 'a value').done).toBe('a value');
  });

  it.each([1, 2, 3, 8])(
    'of %i places does not stand still when each load needs three others, one within the other',
    async (places) => {
      const loads = new LoadGate(places);
      const nested = (depth: number): Promise<number> =>
        loads.admit(async () => (depth === 0 ? 1 : 1 + (await nested(depth - 1)))).done;
      const runs = Array.from({ length: 40 }, () => nested(3));
      expect(await Promise.all(runs)).toEqual(Array.from({ length: 40 }, () => 4));
    },
  );

  it('stands not still across two gates, when a load inside of one comes back by way of the other', async () => {
    const [one, other] = [new LoadGate(1), new LoadGate(1)];
    const load = () => other.admit(() => one.admit(() => 'value').done).done;
    expect(await one.admit(load).done).toBe('value');
  });

  it('nor does one that is asked for through another gate: nobody may wait for a place who holds one', async () => {
    const [one, other] = [new LoadGate(1), new LoadGate(1)];
    const held = gate<string>();
    const first = other.admit(() => held.promise).done;
    expect(await one.admit(() => other.admit(() => 'second').done).done).toBe('second');
    held.open('first');
    expect(await first).toBe('first');
  });
});

describe('a load that has to wait', () => {
  it('begins at once when it is told to hurry, and is called once all the same', async () => {
    const loads = new LoadGate(1);
    const held = gate<string>();
    const first = loads.admit(() => held.promise);
    const load = vi.fn(() => 'second');
    const second = loads.admit(load);
    await vi.waitFor(() => expect(loads.queued).toBe(1));
    second.hurry();
    second.hurry();
    // The first has the only place to its end, and this one has come to its own.
    expect(await second.done).toBe('second');
    held.open('first');
    expect(await first.done).toBe('first');
    expect(load).toHaveBeenCalledTimes(1);
    await vi.waitFor(() => expect([loads.running, loads.queued]).toEqual([0, 0]));
  });

  it('gives its error once when it was hurried', async () => {
    const loads = new LoadGate(1);
    const held = gate<string>();
    const first = loads.admit(() => held.promise);
    const second = loads.admit(() => Promise.reject(new Error('lost connection')));
    const settled = Promise.allSettled([second.done]);
    second.hurry();
    held.open('first');
    await first.done;
    expect(await settled).toMatchObject([{ status: 'rejected', reason: { message: 'lost connection' } }]);
  });
});

describe('what a load has left running', () => {
  it('is not inside any more when the load is over: it needs a place like any other', async () => {
    const loads = new LoadGate(1);
    const over = gate<void>();
    let left: Promise<string> | undefined;
    await loads.admit(() => {
      left = over.promise.then(() => loads.admit(() => 'left over').done);
    }).done;
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const next = loads.admit(load);
    await called(load);
    over.open();
    await vi.waitFor(() => expect(loads.queued).toBe(1), PATIENCE);
    held.open('next');
    expect(await Promise.all([next.done, left])).toEqual(['next', 'left over']);
  });
});

describe('loads.maxConcurrent', () => {
  it('caps the loads of different keys, and tells how many run and wait', async () => {
    const { cache } = makeCache({ ...UNHURRIED, loads: { maxConcurrent: 3 } });
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const reads = Array.from({ length: 10 }, (_, index) => cache.getOrLoad(`key:${index}`, load, TTL));
    await vi.waitFor(
      () => expect(cache.stats()).toMatchObject({ runningLoads: 3, queuedLoads: 7 }),
      PATIENCE,
    );
    expect(load).toHaveBeenCalledTimes(3);
    held.open('value');
    await Promise.all(reads);
    expect(load).toHaveBeenCalledTimes(10);
    expect(cache.stats()).toMatchObject({ runningLoads: 0, queuedLoads: 0, loads: 10 });
  });

  it('counts a loadMany as one', async () => {
    const { cache } = makeCache({ ...UNHURRIED, loads: { maxConcurrent: 1 } });
    const held = gate<string>();
    const load = vi.fn(() => held.promise);
    const single = cache.getOrLoad('single', load, TTL);
    await called(load);
    const loadMany = vi.fn((ids: number[]) => new Map(ids.map((id) => [id, `row ${id}`])));
    const many = cache.getOrLoadMany([1, 2, 3], loadMany, { ...TTL, key: (id) => `row:${id}` });
    await vi.waitFor(
      () => expect(cache.stats()).toMatchObject({ runningLoads: 1, queuedLoads: 1 }),
      PATIENCE,
    );
    held.open('value');
    await single;
    expect([...(await many).values()]).toEqual(['row 1', 'row 2', 'row 3']);
    expect(loadMany).toHaveBeenCalledTimes(1);
  });

  it('of 1 lets a load read other keys through the same cache, by any method', async () => {
    const { cache } = makeCache({ ...UNHURRIED, loads: { maxConcurrent: 1 } });
    const page = await cache.getOrLoad(
      'page',
      async () => {
        const title = await cache.getOrLoad(
          'title',
          () => cache.getOrLoad('words', () => 'a title', TTL),
          TTL,
        );
        const rows = await cache.getOrLoadMany([1, 2], (ids) => new Map(ids.map((id) => [id, id])), {
          ...TTL,
          key: (id) => `row:${id}`,
        });
        const json = await cache.getOrLoadJson('json', () => [1], TTL);
        return { title, rows: [...rows.keys()], json: json.toString() };
      },
      TTL,
    );
    expect(page).toEqual({ title: 'a title', rows: [1, 2], json: '[1]' });
  });

  it('of 1 lets a load join many that an outside reader has queued before it', async () => {
    const { cache } = makeCache({ ...UNHURRIED, loads: { maxConcurrent: 1 } });
    const options = { ...TTL, key: (id: number) => `row:${id}` };
    const loadMany = vi.fn((ids: number[]) => new Map(ids.map((id) => [id, `row ${id}`])));
    const begun = gate<void>();
    const load = vi.fn(async () => {
      await begun.promise;
      return [...(await cache.getOrLoadMany([1, 2], loadMany, options)).values()];
    });
    const page = cache.getOrLoad('page', load, TTL);
    await called(load);
    const rows = cache.getOrLoadMany([1, 2, 3], loadMany, options);
    await vi.waitFor(() => expect(cache.stats().queuedLoads).toBe(1), PATIENCE);
    begun.open();
    expect(await page).toEqual(['row 1', 'row 2']);
    expect((await rows).size).toBe(3);
    expect(loadMany).toHaveBeenCalledTimes(1);
  });

  it('of 1 lets a load join one that an outside reader has queued before it', async () => {
    const { cache } = makeCache({ ...UNHURRIED, loads: { maxConcurrent: 1 } });
    const begun = gate<void>();
    const load = vi.fn(async () => {
      await begun.promise;
      return `page with ${await cache.getOrLoad('config', () => 'config', TTL)}`;
    });
    const page = cache.getOrLoad('page', load, TTL);
    await called(load);
    const config = cache.getOrLoad('config', () => 'config', TTL);
    await vi.waitFor(() => expect(cache.stats().queuedLoads).toBe(1), PATIENCE);
    begun.open();
    expect(await Promise.all([page, config])).toEqual(['page with config', 'config']);
  });
});
