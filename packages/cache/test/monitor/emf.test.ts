import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { BUCKET_BOUNDS_MS } from '../../src/monitor/histogram.ts';
import type { EmfOptions } from '../../src/monitor/emf.ts';
import { EMF_METRICS, emfLine, emfReporter } from '../../src/monitor/emf.ts';
import { Monitor } from '../../src/monitor/monitor.ts';
import { makeCache } from '../support.ts';
import { readEmf } from './emf-rules.ts';
import { NO_GAUGES, PATIENT } from './support.ts';

const TTL = { ttlMs: 60_000 };
const PLACE = { namespace: 'Shop/Cache', dimensions: { Cache: 'articles', Stage: 'test' } };
const LINE = { ...PLACE, timestampMs: 1_700_000_000_123.9 };

function makeSource() {
  const monitor = new Monitor();
  return { monitor, stats: () => monitor.snapshot(NO_GAUGES) };
}

/** A reporter whose lines are kept; its timer is turned by hand. */
function makeReporter(cache: Parameters<typeof emfReporter>[0], options: Partial<EmfOptions> = {}) {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  return {
    lines,
    reporter: emfReporter(cache, { ...PLACE, write, now: () => 1_700_000_000_000, ...options }),
  };
}

describe('a line', () => {
  it('keeps to the format, and tells what happened between two snapshots', () => {
    const { monitor, stats } = makeSource();
    monitor.count('hits', 100);
    monitor.observe('load', 7);
    const before = stats();
    monitor.count('hits', 3);
    monitor.count('misses', 1);
    monitor.count('bytesRead', 4_096);
    monitor.observe('load', 30);
    monitor.observe('load', 40);
    monitor.observe('load', 0.15);

    const { namespace, timestamp, dimensions, metrics, units } = readEmf(emfLine(before, stats(), LINE));
    expect({ namespace, timestamp, dimensions }).toEqual({ ...PLACE, timestamp: 1_700_000_000_123 });
    expect(metrics).toMatchObject({ Hits: 3, Misses: 1, Bypasses: 0, BytesRead: 4_096, HitRate: 75 });
    expect(metrics['LoadLatency']).toEqual({
      Values: [0.15, 35],
      Counts: [1, 2],
      Min: 0.15,
      Max: 35,
      Sum: 70.15,
      Count: 3,
    });
    expect(units).toMatchObject({
      Hits: 'Count',
      BytesRead: 'Bytes',
      HitRate: 'Percent',
      LoadLatency: 'Milliseconds',
    });
  });

  it('has what CloudWatch would count as 0 as 0, and leaves out what has no value', () => {
    const stats = makeSource().stats();
    const { metrics } = readEmf(emfLine(stats, stats, LINE));
    const absent = new Set(['HitRate', 'RedisLatency', 'LoadLatency', 'LeaseWaitLatency', 'StaleAge']);
    expect(Object.keys(metrics).toSorted()).toEqual(
      EMF_METRICS.filter((name) => !absent.has(name)).toSorted(),
    );
    expect(Object.values(metrics).every((value) => value === 0)).toBe(true);
  });

  it('keeps to the format with every metric and every bucket in use', () => {
    const { monitor, stats } = makeSource();
    const before = stats();
    monitor.count('misses');
    for (const latency of ['redis', 'load', 'wait', 'stale'] as const) {
      for (const ms of [...BUCKET_BOUNDS_MS, 1e9]) monitor.observe(latency, ms);
    }
    const { metrics } = readEmf(emfLine(before, stats(), LINE));
    expect(Object.keys(metrics)).toEqual(EMF_METRICS);
    expect(EMF_METRICS).toHaveLength(38);
    expect(metrics['RedisLatency']).toMatchObject({
      Values: [0.05, 0.15, 0.35, 0.75, 1.5, 3.5, 7.5, 15, 35, 75, 150, 350, 750, 1_500, 3_500, 7_500, 10_000],
      Counts: Array.from({ length: 17 }, () => 1),
    });
  });

  it('tells how the cache stands at the end, and what was lost between', () => {
    const { monitor } = makeSource();
    const before = monitor.snapshot({ ...NO_GAUGES, owedInvalidations: 9, lostInvalidations: 5 });
    const after = monitor.snapshot({
      owedInvalidations: 3,
      lostInvalidations: 7,
      runningLoads: 4,
      queuedLoads: 6,
      nearEntries: 8,
      breakerOpen: true,
    });
    expect(readEmf(emfLine(before, after, LINE)).metrics).toMatchObject({
      OwedInvalidations: 3,
      LostInvalidations: 2,
      RunningLoads: 4,
      QueuedLoads: 6,
      NearEntries: 8,
      BreakerOpen: 1,
    });
  });

  it('makes metrics of those that are wanted, and keeps the others for the logs', () => {
    const { monitor, stats } = makeSource();
    const before = stats();
    monitor.count('misses', 2);
    const line = emfLine(before, stats(), { ...LINE, metrics: ['HitRate', 'Misses', 'LoadLatency'] });
    const { metrics, members } = readEmf(line);
    expect(metrics).toEqual({ HitRate: 0, Misses: 2 });
    expect(members).toMatchObject({ Hits: 0, ErrorsTimeout: 0 });
  });
});

describe('the reporter', () => {
  it('writes a line a period of what a cache did in it, and a last one when it is stopped', async () => {
    const { cache } = makeCache(PATIENT);
    await cache.getOrLoad('key', () => 'before the reporter', TTL);
    const { lines, reporter } = makeReporter(cache, { everyMs: 10_000 });

    await cache.getOrLoad('key', () => 'never', TTL);
    await cache.getOrLoad('other', () => 'loaded', TTL);
    vi.advanceTimersByTime(10_000);
    await cache.getOrLoad('other', () => 'never', TTL);
    vi.advanceTimersByTime(9_999);
    expect(lines).toHaveLength(1);
    vi.advanceTimersByTime(1);
    await cache.invalidate('key');
    reporter.stop();
    reporter.stop();
    vi.advanceTimersByTime(60_000);

    const periods = lines.map((line) => readEmf(line));
    expect(periods.map(({ metrics }) => metrics)).toMatchObject([
      { HitRate: 50, Hits: 1, Misses: 1, Loads: 1, Invalidations: 0, LoadLatency: { Count: 1 } },
      { HitRate: 100, Hits: 1, Misses: 0, Loads: 0, Invalidations: 0 },
      { Hits: 0, Misses: 0, Loads: 0, Invalidations: 1 },
    ]);
    expect(periods.map(({ timestamp }) => timestamp)).toEqual(Array(3).fill(1_700_000_000_000));
    expect(lines).toHaveLength(3);
  });

  it('writes at once when it is asked to, and counts nothing twice', () => {
    const { monitor, ...source } = makeSource();
    const { lines, reporter } = makeReporter(source);
    monitor.count('writes', 2);
    reporter.flush();
    monitor.count('writes', 3);
    vi.advanceTimersByTime(60_000);
    expect(lines.map((line) => readEmf(line).metrics['Writes'])).toEqual([2, 3]);
  });

  it('does not keep the process alive', () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const reporter = emfReporter(makeSource(), { ...PLACE, write: () => {} });
    expect(timers()).toBe(before);
    reporter.stop();
  });

  it('goes to the standard output by default', () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    onTestFinished(() => write.mockRestore());
    emfReporter(makeSource(), PLACE).stop();
    const text = write.mock.calls.map(([chunk]) => String(chunk)).find((chunk) => chunk.includes('_aws'));
    expect(text?.endsWith('}\n')).toBe(true);
    expect(readEmf(text?.trimEnd() ?? '').namespace).toBe('Shop/Cache');
  });

  it.each([
    ['throws', () => failToWrite()],
    ['rejects', () => Promise.reject(new Error('the pipe is closed'))],
  ])('goes on when write %s, and warns', async (_name, write) => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    onTestFinished(() => warn.mockRestore());
    const { reporter } = makeReporter(makeSource(), { write });
    vi.advanceTimersByTime(60_000);
    reporter.stop();
    await vi.waitFor(() => expect(warn).toHaveBeenCalledTimes(2));
    expect(warn.mock.calls[0]?.[0]).toBe('A listener of the EMF reporter failed: the pipe is closed');
  });

  it.each<[string, object, RegExp]>([
    ['no namespace', { namespace: '' }, /^namespace must be .*""/],
    ["AWS's own namespace", { namespace: 'AWS/Cache' }, /^namespace must be .*"AWS\/Cache"/],
    ['a namespace with a space', { namespace: 'my cache' }, /^namespace must be/],
    ['no dimensions', { dimensions: undefined }, /^dimensions must be an object/],
    [
      '31 dimensions',
      { dimensions: Object.fromEntries(Array.from({ length: 31 }, (_, n) => [`d${n}`, 'x'])) },
      /^dimensions must be an object of at most 30/,
    ],
    [
      'a dimension that begins with a colon',
      { dimensions: { ':a': 'x' } },
      /^dimensions must be names .*":a"/,
    ],
    [
      'a dimension named as a metric',
      { dimensions: { Hits: 'x' } },
      /^dimensions must be names that no metric has/,
    ],
    [
      'a dimension called _aws',
      { dimensions: { _aws: 'x' } },
      /^dimensions must be names that no metric has/,
    ],
    ['a dimension that is empty', { dimensions: { Cache: ' ' } }, /^dimensions\.Cache must be/],
    ['a dimension beyond ASCII', { dimensions: { Cache: 'é' } }, /^dimensions\.Cache must be/],
    ['a dimension that is no text', { dimensions: { Cache: 1 } }, /^dimensions\.Cache must be/],
    ['a metric that there is not', { metrics: ['hits'] }, /^metrics must be some of HitRate, Hits, .*"hits"/],
    ['a period of nothing', { everyMs: 0 }, /^everyMs must be .* but is 0/],
    ['a period that no timer has', { everyMs: 2 ** 31 }, /^everyMs must be/],
    ['no write', { write: 'stdout' }, /^write must be a function/],
    ['no clock', { now: 0 }, /^now must be a function/],
  ])('refuses %s', (_name, options, message) => {
    expect(() => emfReporter(makeSource(), { ...PLACE, ...options })).toThrow(message);
  });
});

function failToWrite(): never {
  throw new Error('the pipe is closed');
}
