import type { ByUse, PriceTable } from './price.ts';
import { FREE } from './free.ts';
import { rules } from './rules.ts';
import type { Line } from './line.ts';
import type { Template } from './template.ts';

/** What a template's resources cost for as long as they stand. */
export interface Bill {
  readonly region: string;
  readonly asOf: string;
  /** Dearest first; those without a price last. */
  readonly lines: readonly Line[];
  /** Of the lines that have a price. */
  readonly usdPerHour: number;
  /** What has no price in the table, or is of a kind that nothing is known about. The sum is too low by these. */
  readonly unknown: readonly string[];
  /** What is charged by use, and is in no sum. */
  readonly byUse: readonly string[];
}

/**
 * Adds up what is really in a template. A type of resource that is neither priced nor listed as free, and a size that the
 * table does not have, are `unknown`: they are never taken for free.
 */
export function billOf(template: Template, prices: PriceTable): Bill {
  const lines = new Map<string, Line>();
  const uses = new Set<ByUse>();
  const strange = new Map<string, number>();
  for (const resource of Object.values(template.Resources ?? {})) {
    const rule = rules[resource.Type];
    if (rule === undefined) {
      if (!(resource.Type in FREE)) strange.set(resource.Type, (strange.get(resource.Type) ?? 0) + 1);
      continue;
    }
    const { lines: found, byUse = [] } = rule(resource, { template, prices });
    for (const line of found) add(lines, line);
    for (const use of byUse) uses.add(use);
  }
  for (const [type, count] of strange) add(lines, { of: 'other', what: type, count });
  const all = [...lines.values()].toSorted((a, b) => (cost(b) ?? -1) - (cost(a) ?? -1));
  return {
    region: prices.region,
    asOf: prices.asOf,
    lines: all,
    usdPerHour: all.reduce((sum, line) => sum + (cost(line) ?? 0), 0),
    unknown: all.filter((line) => line.usdPerHour === undefined).map(({ what }) => what),
    byUse: [...uses].map((use) => prices.byUse[use]),
  };
}

/** What all of a line cost in an hour, in USD; undefined where nobody knows. */
export function cost({ count, usdPerHour }: Line): number | undefined {
  return usdPerHour === undefined ? undefined : count * usdPerHour;
}

function add(lines: Map<string, Line>, line: Line): void {
  if (line.count === 0) return;
  const key = `${line.of} ${line.what}`;
  const before = lines.get(key);
  lines.set(key, before === undefined ? line : { ...before, count: before.count + line.count });
}
