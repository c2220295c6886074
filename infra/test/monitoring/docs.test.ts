import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { alarmsOf, type SeenAlarm } from './alarms-of.ts';
import { siteOf } from './site.ts';

const docs = readFileSync(new URL('../../../docs/alarms.md', import.meta.url), 'utf8');
const code = new URL('../../lib/monitoring/', import.meta.url);

/** The page's sections, the site that each speaks of, and which alarms it holds. */
const sections = {
  'A cache of nodes': { context: { 'cache.mode': 'replicated' }, ids: /^Cache/ },
  'A serverless cache': { context: { profile: 'serverless' }, ids: /^Cache/ },
  'The database': {
    context: { 'database.instanceType': 't4g.medium', 'database.readReplica': 'true' },
    ids: /^Database/,
  },
  'One web server': { context: {}, ids: /^Web/ },
  'A fleet of web servers': { context: { profile: 'production' }, ids: /^Web/ },
} as const;

const sectionOf = (title: string) =>
  docs.split(/^## /m).find((section) => section.startsWith(`${title}\n`)) ?? '';

describe.each(Object.entries(sections))('docs/alarms.md, %s', (title, { context, ids }) => {
  const rows = sectionOf(title)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(' | '));

  it('has a line for each alarm, with its metrics, limit and silence as in the template', () => {
    const alarms = alarmsOf(siteOf(context)).filter(({ id }) => ids.test(id));
    expect(rows.map((cells) => cells.slice(0, 4).join(' | '))).toEqual(alarms.map(lineOf));
  });

  it('says of each why, and what to do', () => {
    for (const cells of rows) {
      expect(cells, cells[0]).toHaveLength(6);
      for (const text of cells.slice(4)) expect(text.length, cells[0]).toBeGreaterThan(8);
    }
  });
});

it('names the sources that the code names', () => {
  const sources = readdirSync(code).map((file) => readFileSync(new URL(file, code), 'utf8'));
  const links = [...docs.matchAll(/^\[\w+\]: (\S+)$/gm)].map(([, link = '']) => link);
  expect(links).toHaveLength(13);
  for (const link of links)
    expect(
      sources.some((source) => source.includes(link)),
      link,
    ).toBe(true);
  for (const [, label] of docs.matchAll(/\]\[(\w+)\]/g)) expect(docs).toContain(`\n[${label}]: `);
});

it.each(['workshop', 'production', 'serverless'])('tells the price of the alarms of %s', (profile) => {
  const alarms = alarmsOf(siteOf({ profile }));
  const metrics = alarms.flatMap((alarm) => alarm.metrics).length;
  const month = metrics * 0.1;
  // AWS counts 730 hours a month.
  const day = (month / 730) * 8;
  expect(docs).toContain(
    `| \`${profile}\` | ${alarms.length} | ${metrics} | ${month.toFixed(2)} USD | ${day.toFixed(3)} USD |`,
  );
});

const silences: Readonly<Record<string, string>> = {
  breaching: 'trouble',
  missing: 'unknown',
  notBreaching: 'calm',
};

function lineOf({ id, metrics, properties }: SeenAlarm): string {
  const [first] = metrics;
  const quoted = (words: Iterable<string>) => [...new Set(words)].map((word) => `\`${word}\``).join(', ');
  const names = quoted(metrics.map(({ name }) => name));
  const by = quoted(Object.keys(first?.dimensions ?? {}));
  const sign = properties.ComparisonOperator === 'LessThanThreshold' ? '<' : '>';
  const minutes = (first?.seconds ?? 0) / 60;
  const limit = `${sign} ${amountOf(first?.name ?? '', properties.Threshold)}`;
  const silence = silences[properties.TreatMissingData];
  return `| \`${id}\` | ${names} by ${by} | ${limit}, ${properties.EvaluationPeriods} × ${minutes} min | ${silence}`;
}

/** A limit in the unit in which the metric is reported, or bytes in larger ones. */
function amountOf(metric: string, limit: number): string {
  if (/Percentage$|Utilization$|HitRate$|Balance%?$/.test(metric)) return `${limit} %`;
  if (metric === 'FreeableMemory') return `${Math.round(limit / 1024 ** 2)} MiB`;
  if (metric === 'FreeStorageSpace') return `${limit / 1024 ** 3} GiB`;
  if (metric === 'BytesUsedForCache') return `${limit / 1e6} MB`;
  if (metric === 'SuccessfulReadRequestLatency') return `${limit} µs`;
  if (/Latency$|Lag$/.test(metric)) return `${limit} s`;
  return String(limit);
}
