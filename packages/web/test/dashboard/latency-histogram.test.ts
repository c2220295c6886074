import { histogramBetween, quantile } from '@workshop/cache';
import { expect, test } from 'vitest';
import { LatencyHistogram } from '../../src/dashboard/latency-histogram.ts';

test.each([0.07, 0.3, 1, 7.5, 83, 999, 12_345, 59_000])('%s ms comes back right to a tenth', (ms) => {
  const histogram = new LatencyHistogram();
  for (let times = 0; times < 10; times++) histogram.observe(ms);
  const found = quantile(histogram.snapshot(), 0.5) ?? NaN;
  expect(Math.abs(found - ms) / ms).toBeLessThanOrEqual(0.1);
});

test('the quantiles of many are right to a tenth', () => {
  const histogram = new LatencyHistogram();
  for (let ms = 1; ms <= 1_000; ms++) histogram.observe(ms);
  for (const q of [0.1, 0.5, 0.95, 0.99]) {
    expect(Math.abs((quantile(histogram.snapshot(), q) ?? NaN) - q * 1_000)).toBeLessThan(q * 100);
  }
});

test('nothing is lost at either end', () => {
  const histogram = new LatencyHistogram();
  for (const ms of [0, 0.001, 70_000, 10_000_000]) histogram.observe(ms);
  const { counts, count, bounds } = histogram.snapshot();
  expect(counts.reduce((sum, each) => sum + each, 0)).toBe(4);
  expect(count).toBe(4);
  expect(counts[0]).toBe(2);
  expect(counts.at(-1)).toBe(2);
  expect(counts).toHaveLength(bounds.length + 1);
});

test('a snapshot stands still, and two give what was between', () => {
  const histogram = new LatencyHistogram();
  histogram.observe(5);
  const before = histogram.snapshot();
  histogram.observe(500);
  expect(before.count).toBe(1);
  const between = histogramBetween(before, histogram.snapshot());
  expect(between.count).toBe(1);
  expect(Math.abs((quantile(between, 1) ?? 0) - 500)).toBeLessThan(50);
});
