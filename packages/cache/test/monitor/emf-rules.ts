import { assert } from 'vitest';

const UNITS = new Set(['Count', 'Bytes', 'Milliseconds', 'Percent', 'None']);

/** A line of embedded metric format, read. */
export interface EmfDocument {
  readonly namespace: string;
  readonly timestamp: number;
  readonly dimensions: Readonly<Record<string, string>>;
  /** The metrics that CloudWatch takes out of it. */
  readonly metrics: Readonly<Record<string, unknown>>;
  readonly units: Readonly<Record<string, string>>;
  /** All members but `_aws`. */
  readonly members: Readonly<Record<string, unknown>>;
}

/**
 * Reads a line and holds it to the rules of the specification ("Specification: Embedded metric format", CloudWatch User Guide),
 * and to the form in which the OpenTelemetry Collector's awsemfexporter writes histograms.
 */
export function readEmf(line: string): EmfDocument {
  assert(!line.includes('\n'), 'one line');
  assert(Buffer.byteLength(line) <= 256 * 1024, 'at most 256 KB');
  const { _aws: metadata, ...members } = record(JSON.parse(line), 'the root');
  const { Timestamp: timestamp, CloudWatchMetrics: directives, ...unknown } = record(metadata, '_aws');
  assert.deepEqual(unknown, {}, '_aws has no other members');
  assert(typeof timestamp === 'number' && Number.isInteger(timestamp), 'Timestamp is an integer');
  assert(Array.isArray(directives) && directives.length === 1, 'one directive');
  const {
    Namespace: namespace,
    Dimensions: sets,
    Metrics: definitions,
    ...others
  } = record(directives[0], 'directive');
  assert.deepEqual(others, {}, 'a directive has no other members');
  assert(isName(namespace), 'Namespace has 1 to 255 characters');
  assert(Array.isArray(sets) && sets.length === 1 && Array.isArray(sets[0]), 'one set of dimensions');
  assert(sets[0].length <= 30, 'at most 30 dimensions');
  assert(Array.isArray(definitions) && definitions.length <= 100, 'at most 100 metrics');

  const dimensions = Object.fromEntries(
    sets[0].map((name: unknown) => {
      assert(isName(name), 'a dimension has a name');
      const value = members[name];
      assert(typeof value === 'string' && value !== '' && value.length <= 1_024, `${name} has a text`);
      return [name, value];
    }),
  );
  const units = Object.fromEntries(
    definitions.map((each: unknown) => {
      const { Name: name, Unit: unit, ...rest } = record(each, 'metric');
      assert.deepEqual(rest, {}, 'a metric has a name and a unit');
      assert(isName(name), 'a metric has a name');
      assert(typeof unit === 'string' && UNITS.has(unit), `${name} has a unit`);
      checkValue(name, members[name]);
      return [name, unit];
    }),
  );
  assert(Object.keys(units).length === definitions.length, 'a metric is defined once');
  const metrics = Object.fromEntries(Object.keys(units).map((name) => [name, members[name]]));
  return { namespace, timestamp, dimensions, metrics, units, members };
}

function checkValue(name: string, value: unknown): void {
  if (typeof value === 'number') {
    assert(Number.isFinite(value), `${name} is finite`);
    return;
  }
  const { Values: values, Counts: counts, Min, Max, Sum, Count, ...rest } = record(value, name);
  assert.deepEqual(rest, {}, `${name} has nothing else`);
  assert(isNumbers(values) && isNumbers(counts), `${name} has numbers`);
  assert(values.length > 0 && values.length <= 100, `${name} has 1 to 100 values`);
  assert(values.length === counts.length, `${name} has a count for each value`);
  assert(new Set(values).size === values.length, `${name} has each value once`);
  assert(
    counts.every((count) => Number.isInteger(count) && count > 0),
    `${name} counts`,
  );
  assert.equal(Min, Math.min(...values), `${name} has its least value`);
  assert.equal(Max, Math.max(...values), `${name} has its greatest value`);
  assert.equal(
    Count,
    counts.reduce((sum, count) => sum + count),
    `${name} has as many as it counts`,
  );
  assert(typeof Sum === 'number' && Number.isFinite(Sum), `${name} has a sum`);
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= 255;
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'number' && Number.isFinite(each));
}

function record(value: unknown, what: string): Record<string, unknown> {
  assert(typeof value === 'object' && value !== null && !Array.isArray(value), `${what} is an object`);
  return value as Record<string, unknown>;
}
