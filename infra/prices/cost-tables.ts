import { billOf, cost, type Bill } from './bill.ts';
import { ORIGINAL } from './original.ts';
import { HOURS_PER_MONTH, type PriceTable } from './price.ts';
import type { Template } from './template.ts';
import { US_EAST_1 } from './us-east-1.ts';

/** The template of a deployment with these settings. */
export type TemplateOf = (settings: Readonly<Record<string, string>>) => Promise<Template>;

const PROFILES = ['workshop', 'production', 'serverless'];
/** What one may want of the workshop's profile beside what it has. */
const OPTIONS = [
  'cache.engine=redis',
  'cache.mode=replicated',
  'cache.mode=cluster',
  'cache.mode=serverless',
  'database.multiAz=true',
  'database.readReplica=true',
  'database.instanceType=t4g.small',
  'web.kind=fleet',
  'network.zones=3',
];

/** The tables of docs/cost.md, made of the templates. */
export async function costTables(templateOf: TemplateOf): Promise<string> {
  const original = billOf(ORIGINAL, US_EAST_1);
  const bills: (readonly [profile: string, bill: Bill])[] = [];
  for (const profile of PROFILES) bills.push([profile, billOf(await templateOf({ profile }), US_EAST_1)]);
  return [
    '### In short\n',
    summary([...bills, ['the sample of 2022', original]]),
    ...bills.flatMap(([profile, bill]) => [`\n### \`${profile}\`\n`, items(bill)]),
    '\n### The sample of 2022\n',
    items(original),
    '\n### What a setting changes\n',
    await options(templateOf),
    '\n### What depends on use\n',
    ...Object.values(US_EAST_1.byUse).map((use) => `- ${use}`),
    '\n### Where the prices are from\n',
    sources(US_EAST_1),
  ].join('\n');
}

function summary(bills: readonly (readonly [string, Bill])[]): string {
  return markdown(
    ['', 'an hour', '8 hours', 'a month'],
    bills.map(([name, { usdPerHour }]) => [
      name,
      usdPerHour.toFixed(4),
      (usdPerHour * 8).toFixed(2),
      (usdPerHour * HOURS_PER_MONTH).toFixed(0),
    ]),
  );
}

function items({ lines, usdPerHour }: Bill): string {
  const rows = lines.map((line) => [
    line.of,
    line.count === 1 ? line.what : `${line.count} x ${line.what}`,
    cost(line)?.toFixed(4) ?? 'unknown',
    ((cost(line) ?? 0) * 8).toFixed(2),
  ]);
  const total = ['all', '', usdPerHour.toFixed(4), (usdPerHour * 8).toFixed(2)];
  return markdown(['', '', 'an hour', '8 hours'], [...rows, total]);
}

async function options(templateOf: TemplateOf): Promise<string> {
  const { usdPerHour: before } = billOf(await templateOf({}), US_EAST_1);
  const rows: string[][] = [];
  for (const option of OPTIONS) {
    const [name = '', value = ''] = option.split('=');
    const { usdPerHour } = billOf(await templateOf({ [name]: value }), US_EAST_1);
    const change = (usdPerHour - before) * 8;
    rows.push([`\`-c ${option}\``, `${change < 0 ? '-' : '+'}${Math.abs(change).toFixed(2)}`]);
  }
  return markdown(['on top of `workshop`', 'in 8 hours'], rows);
}

function sources({ sources: groups }: PriceTable): string {
  const rows = groups.map(({ of, url, read, note = '' }) => [of, read, url, note]);
  return markdown(['prices of', 'read', 'published at', ''], rows);
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const BEGIN = '<!-- Made by the code: node --import tsx prices/write-cost-page.ts, in infra. -->\n';
const END = '\n<!-- Until here. -->';

/** A page with its tables in place of those that it had. Throws where it has no place for them. */
export function withTables(page: string, tables: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error('docs/cost.md has no place for the tables.');
  return `${before}${BEGIN}\n${tables}\n${END}${after}`;
}
