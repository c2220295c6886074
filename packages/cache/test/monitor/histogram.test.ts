import * as fc from 'fast-check';
import { assert, describe, expect, it } from 'vitest';
import { CacheOptionError } from '../../src/errors.ts';
import { BUCKET_BOUNDS_MS, Histogram, histogramBetween, quantile } from '../../src/monitor/histogram.ts';

function histogramOf(durations: readonly number[]) {
  const histogram = new Histogram();
  for (const ms of durations) histogram.observe(ms);
  return histogram.snapshot();
}

/** The bounds of the bucket that a duration belongs to. */
function bucketOf(ms: number): { lower: number; upper: number } {
  const index = BUCKET_BOUNDS_MS.findIndex((bound) => ms <= bound);
  return index < 0
    ? { lower: BUCKET_BOUNDS_MS.at(-1)!, upper: BUCKET_BOUNDS_MS.at(-1)! }
    : { lower: BUCKET_BOUNDS_MS[index - 1] ?? 0, upper: BUCKET_BOUNDS_MS[index]! };
}

describe('a histogram', () => {
  it('counts a duration in the first bucket whose bound is not below it', () => {
    const { bounds, counts, sum, count } = histogramOf([0, 0.1, 0.11, 1, 10_000, 10_000.5]);
    expect(bounds).toEqual([0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000]);
    expect(counts).toEqual([2, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
    expect(sum).toBeCloseTo(20_001.71);
    expect(count).toBe(6);
  });

  it('takes what a clock that was set back gives for 0, and keeps its sum a number', () => {
    const { counts, sum, count } = histogramOf([-5, Number.NaN, 1]);
    expect([counts[0], sum, count]).toEqual([2, 1, 3]);
  });

  it('gives snapshots that do not change', () => {
    const histogram = new Histogram();
    const before = histogram.snapshot();
    histogram.observe(3);
    expect(before).toMatchObject({ sum: 0, count: 0 });
    expect(histogram.snapshot()).toMatchObject({ sum: 3, count: 1 });
  });

  it('tells what was observed between two snapshots', () => {
    const histogram = new Histogram();
    histogram.observe(3);
    const before = histogram.snapshot();
    histogram.observe(4);
    histogram.observe(40);
    expect(histogramBetween(before, histogram.snapshot())).toEqual(histogramOf([4, 40]));
  });
});

describe('quantile', () => {
  it('is undefined when nothing was observed', () => {
    expect(quantile(histogramOf([]), 0.5)).toBeUndefined();
  });

  it('takes observations to lie evenly within their bucket', () => {
    const evenly = histogramOf([...Array<number>(50).fill(4), ...Array<number>(50).fill(8)]);
    expect(quantile(evenly, 0.25)).toBe(3.5);
    expect(quantile(evenly, 0.5)).toBe(5);
    expect(quantile(evenly, 0.99)).toBeCloseTo(9.9);
    expect(quantile(evenly, 1)).toBe(10);
    expect(quantile(evenly, 0)).toBe(2);
  });

  it('does not round beyond its bucket', () => {
    expect(quantile(histogramOf([0.05, 0.05, 0.05]), 1)).toBe(0.1);
  });

  it('is the last bound for what is above it', () => {
    expect(quantile(histogramOf([60_000]), 0.5)).toBe(10_000);
  });

  it('falls into the bucket of the duration that really has that rank', () => {
    const durations = fc.array(fc.double({ min: 0, max: 20_000, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(durations, fc.double({ min: 0, max: 1, noNaN: true }), (sample, q) => {
        const rank = Math.max(1, Math.ceil(q * sample.length));
        const { lower, upper } = bucketOf(sample.toSorted((a, b) => a - b)[rank - 1]!);
        const result = quantile(histogramOf(sample), q);
        assert(result !== undefined);
        expect(result).toBeGreaterThanOrEqual(lower);
        expect(result).toBeLessThanOrEqual(upper);
      }),
    );
  });

  it.each([-0.1, 1.1, 50, Number.NaN])('refuses a share of %s', (q) => {
    expect(() => quantile(histogramOf([1]), q)).toThrow(CacheOptionError);
    expect(() => quantile(histogramOf([1]), q)).toThrow(`q must be a number from 0 to 1, but is ${q}`);
  });
});
