import { describe, expect, it, vi } from 'vitest';
import type { FlightControl } from '../src/flights.ts';
import { Flights } from '../src/flights.ts';
import { gate } from './support.ts';

const DONE = Promise.resolve();

/** A load that begins at once, and ends when the test says so. */
function heldLoad(value = 'value') {
  const held = gate<string>();
  let control: FlightControl | undefined;
  const run = vi.fn(async (given: FlightControl) => {
    control = given;
    given.begin();
    return { value: await held.promise, done: DONE };
  });
  return { run, land: () => held.open(value), fail: held.fail, control: () => control };
}

const started = (run: { readonly mock: { readonly calls: unknown[] } }) =>
  vi.waitFor(() => expect(run.mock.calls).toHaveLength(1));

describe('a flight with a lease', () => {
  it('is boarded by who names its lease, and by nobody else', async () => {
    const flights = new Flights();
    const load = heldLoad();
    const flight = flights.start('key', 'lease 1', [], load.run);
    expect(flights.leaseOf('key')).toBe('lease 1');
    expect(flights.withLease('key', 'lease 1')).toBe(flight);
    expect(flights.withLease('key', 'lease 2')).toBeUndefined();
    expect(flights.withLease('other', 'lease 1')).toBeUndefined();
    load.land();
    expect(await flight.landed).toBe('value');
  });

  it('can be boarded until its value is stored, and then no more', async () => {
    const flights = new Flights();
    const stored = gate<void>();
    const flight = flights.start('key', 'lease', [], (control) => {
      control.begin();
      return Promise.resolve({ value: 1, done: stored.promise });
    });
    await flight.landed;
    expect(flights.withLease('key', 'lease')).toBe(flight);
    stored.open();
    await vi.waitFor(() => expect(flights.size).toBe(0));
    expect(flights.withLease('key', 'lease')).toBeUndefined();
  });

  it('is over for good when its load fails', async () => {
    const flights = new Flights();
    const load = heldLoad();
    const flight = flights.start('key', 'lease', [], load.run);
    load.fail(new Error('lost connection'));
    await expect(flight.landed).rejects.toThrow('lost connection');
    expect(flights.size).toBe(0);
  });

  it('is void for its loader and for later readers once the key is, while who is aboard gets its value', async () => {
    const flights = new Flights();
    const load = heldLoad();
    const flight = flights.start('key', 'lease', ['tag'], load.run);
    await started(load.run);
    flights.void('key');
    expect(load.control()?.isVoid()).toBe(true);
    expect(flights.withLease('key', 'lease')).toBeUndefined();
    load.land();
    expect(await flight.landed).toBe('value');
  });

  it('is void when one of its tags is, and no other is', () => {
    const flights = new Flights();
    const [one, two] = [heldLoad(), heldLoad()];
    const tagged = flights.start('one', 'lease', ['a', 'b'], one.run);
    const other = flights.start('two', 'lease', ['c'], two.run);
    flights.voidTag('b');
    expect([tagged.isVoid, other.isVoid]).toEqual([true, false]);
    flights.voidAll();
    expect(other.isVoid).toBe(true);
    expect(flights.size).toBe(0);
  });

  it('that lost its lease does not end the one that took its place', async () => {
    const flights = new Flights();
    const [first, second] = [heldLoad(), heldLoad()];
    const lost = flights.start('key', 'lease 1', [], first.run);
    await started(first.run);
    first.control()?.makeVoid();
    const flight = flights.start('key', 'lease 2', [], second.run);
    first.land();
    await lost.landed;
    expect(flights.withLease('key', 'lease 2')).toBe(flight);
  });
});

describe('a flight without a lease', () => {
  it('is boarded by who came before its load began', async () => {
    const flights = new Flights();
    const cameAt = performance.now();
    const [load, unused] = [heldLoad(), heldLoad()];
    const first = flights.withoutLease('key', [], cameAt, load.run);
    await started(load.run);
    const second = flights.withoutLease('key', [], cameAt, unused.run);
    expect([first.isJoined, second.isJoined]).toEqual([false, true]);
    expect(second.flight).toBe(first.flight);
    load.land();
    expect(await second.flight.landed).toBe('value');
    expect(unused.run).not.toHaveBeenCalled();
  });

  it('is boarded by who comes while its load waits for its turn', async () => {
    const flights = new Flights();
    const turn = gate<void>();
    const run = vi.fn(async (control: FlightControl) => {
      await turn.promise;
      control.begin();
      return { value: 'value', done: DONE };
    });
    const first = flights.withoutLease('key', [], performance.now(), run);
    await started(run);
    const second = flights.withoutLease('key', [], performance.now(), heldLoad().run);
    expect(second.flight).toBe(first.flight);
    turn.open();
    expect(await second.flight.landed).toBe('value');
  });

  it('is not boarded by who came after its load began: these share the next one, which begins when it is over', async () => {
    const flights = new Flights();
    const [old, next, unused] = [heldLoad('old'), heldLoad('new'), heldLoad()];
    const first = flights.withoutLease('key', [], performance.now(), old.run);
    await started(old.run);
    await vi.waitFor(() => expect(performance.now()).toBeGreaterThan(first.flight.startedAt));

    const late = [next, unused, unused].map(({ run }) =>
      flights.withoutLease('key', [], performance.now(), run),
    );
    expect(late.map(({ isJoined }) => isJoined)).toEqual([false, true, true]);
    expect(new Set(late.map(({ flight }) => flight)).size).toBe(1);
    expect(late[0]?.flight.isWaiting).toBe(true);
    expect(next.run).not.toHaveBeenCalled();

    old.land();
    expect(await first.flight.landed).toBe('old');
    await started(next.run);
    expect(late[0]?.flight.isWaiting).toBe(false);
    next.land();
    expect(await Promise.all(late.map(({ flight }) => flight.landed))).toEqual(['new', 'new', 'new']);
    expect(unused.run).not.toHaveBeenCalled();
    expect(flights.size).toBe(0);
  });

  it('waits for one with a lease that began too early, too', async () => {
    const flights = new Flights();
    const [old, next] = [heldLoad('old'), heldLoad('new')];
    const first = flights.start('key', 'lease', [], old.run);
    await started(old.run);
    await vi.waitFor(() => expect(performance.now()).toBeGreaterThan(first.startedAt));
    const late = flights.withoutLease('key', [], performance.now(), next.run);
    expect(late.flight.isWaiting).toBe(true);
    old.fail(new Error('lost connection'));
    await expect(first.landed).rejects.toThrow('lost connection');
    await started(next.run);
    next.land();
    expect(await late.flight.landed).toBe('new');
  });

  it('does not wait for one that is void, and is not void with it when it has not begun', async () => {
    const flights = new Flights();
    const [old, next, other] = [heldLoad('old'), heldLoad('new'), heldLoad('other')];
    const first = flights.withoutLease('key', [], performance.now(), old.run);
    await started(old.run);
    await vi.waitFor(() => expect(performance.now()).toBeGreaterThan(first.flight.startedAt));
    const waiting = flights.withoutLease('key', [], performance.now(), next.run);
    flights.void('key');
    expect([first.flight.isVoid, waiting.flight.isVoid]).toEqual([true, false]);
    const later = flights.withoutLease('key', [], performance.now(), other.run);
    await started(other.run);
    other.land();
    expect(await later.flight.landed).toBe('other');
    old.land();
    next.land();
    expect(await waiting.flight.landed).toBe('new');
  });
});
