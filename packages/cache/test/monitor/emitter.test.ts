import { describe, expect, expectTypeOf, it, onTestFinished, vi } from 'vitest';
import { CacheOptionError, CacheRedisError } from '../../src/errors.ts';
import { Emitter } from '../../src/monitor/emitter.ts';
import { Monitor } from '../../src/monitor/monitor.ts';

const BREAKER = { state: 'open' } as const;

/** The process warnings of this test, which are kept from the console. */
function warnings() {
  const spy = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  onTestFinished(() => spy.mockRestore());
  return spy;
}

describe('listening', () => {
  it('reaches every listener of the event, in order, until it is taken off', () => {
    const emitter = new Emitter();
    const seen: string[] = [];
    const first = () => seen.push('first');
    emitter
      .on('breaker', first)
      .on('breaker', () => seen.push('second'))
      .on('near', () => seen.push('never'));
    emitter.emit('breaker', BREAKER);
    emitter.off('breaker', first).emit('breaker', BREAKER);
    expect(seen).toEqual(['first', 'second', 'second']);
  });

  it('ends with the first event after once, and leaves the same listener that was put on for good', () => {
    const emitter = new Emitter();
    const listener = vi.fn();
    emitter.on('breaker', listener).once('breaker', listener);
    emitter.emit('breaker', BREAKER);
    emitter.emit('breaker', BREAKER);
    expect(listener).toHaveBeenCalledTimes(3);
    expect(emitter.wants('breaker')).toBe(true);
  });

  it('calls a once listener once although the event happens again within it', () => {
    const emitter = new Emitter();
    const first = vi.fn(() => emitter.emit('breaker', BREAKER));
    const second = vi.fn();
    emitter.once('breaker', first).once('breaker', second).emit('breaker', BREAKER);
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 1]);
  });

  it('goes to those who listened when the event happened', () => {
    const emitter = new Emitter();
    const late = vi.fn();
    const second = vi.fn();
    emitter.on('breaker', () => emitter.off('breaker', second).on('breaker', late)).on('breaker', second);
    emitter.emit('breaker', BREAKER);
    expect([second.mock.calls.length, late.mock.calls.length]).toEqual([1, 0]);
    emitter.emit('breaker', BREAKER);
    expect([second.mock.calls.length, late.mock.calls.length]).toEqual([1, 1]);
  });

  it('is asked for before a payload is built', () => {
    const monitor = new Monitor();
    const listener = () => {};
    expect(monitor.wants('load')).toBe(false);
    monitor.events.on('load', listener);
    expect([monitor.wants('load'), monitor.wants('read')]).toEqual([true, false]);
    monitor.events.off('load', listener);
    expect(monitor.wants('load')).toBe(false);
  });

  it('refuses an event that there is not, and what is no listener', () => {
    const emitter = new Emitter();
    // @ts-expect-error: no such event
    expect(() => emitter.on('loaded', () => {})).toThrow(CacheOptionError);
    // @ts-expect-error: no such event, though every object has one of that name
    expect(() => emitter.on('toString', () => {})).toThrow(/^event must be one of read, load, .* "toString"/);
    // @ts-expect-error: no listener
    expect(() => emitter.once('load', undefined)).toThrow(/^listener must be a function/);
  });

  it('knows the payload of each event', () => {
    const { events } = new Monitor();
    events.on('load', (payload) => {
      expectTypeOf(payload).toEqualTypeOf<{
        readonly key: string;
        readonly ms: number;
        readonly error?: unknown;
      }>();
    });
    events.on('breaker', ({ state }) => {
      expectTypeOf(state).toEqualTypeOf<'open' | 'half-open' | 'closed'>();
    });
  });
});

describe('a listener that fails', () => {
  it('becomes a warning, and the others are still called', () => {
    const warn = warnings();
    const emitter = new Emitter();
    const other = vi.fn();
    emitter.on('breaker', () => {
      throw new Error('the pager is off');
    });
    emitter.on('breaker', other);
    emitter.emit('breaker', BREAKER);
    expect(other).toHaveBeenCalledWith(BREAKER);
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      'A listener of the cache\'s "breaker" event failed: the pager is off',
      { type: 'CacheListenerWarning', detail: expect.stringContaining('emitter.test.ts') },
    );
  });

  it.each([
    ['an Error', new Error('gone'), 'gone'],
    ['a string', 'gone', "'gone'"],
    ['nothing', undefined, 'undefined'],
    ['an object that has no string form', Object.create(null), '[Object: null prototype] {}'],
  ])('becomes a warning when it rejects with %s', async (_name, reason, shown) => {
    const warn = warnings();
    const emitter = new Emitter();
    emitter.on('breaker', () => Promise.reject(reason)).emit('breaker', BREAKER);
    await vi.waitFor(() => expect(warn).toHaveBeenCalledTimes(1));
    expect(warn.mock.calls[0]?.[0]).toBe(`A listener of the cache's "breaker" event failed: ${shown}`);
  });
});

describe('the error event', () => {
  const error = new CacheRedisError('timeout', 'GET', 'Redis did not answer GET in 250 ms.');

  it('throws nothing when nobody listens', () => {
    const monitor = new Monitor();
    expect(() => monitor.error(error)).not.toThrow();
    expect(() => monitor.emit('error', { error })).not.toThrow();
  });

  it('reaches listeners and onError, whichever of them fails', async () => {
    const warn = warnings();
    const onError = vi.fn(() => Promise.reject(new Error('the log is full')));
    const listener = vi.fn(() => {
      throw new Error('the pager is off');
    });
    const monitor = new Monitor({ onError });
    monitor.events.on('error', listener);
    monitor.error(error);
    expect(listener).toHaveBeenCalledExactlyOnceWith({ error });
    expect(onError).toHaveBeenCalledExactlyOnceWith(error);
    await vi.waitFor(() => expect(warn).toHaveBeenCalledTimes(2));
  });
});
