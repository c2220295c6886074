import type { ByUse, PriceTable } from './price.ts';
import type { Resource, Template } from './template.ts';

/** One kind of thing that costs by the hour. */
export interface Line {
  /** What it is part of. */
  readonly of: 'web' | 'database' | 'cache' | 'network' | 'secrets' | 'monitoring' | 'other';
  /** `db.t4g.micro`, `20 GB gp3` */
  readonly what: string;
  readonly count: number;
  /** Of one. Undefined: the table does not have it. */
  readonly usdPerHour?: number | undefined;
}

export interface Around {
  readonly template: Template;
  readonly prices: PriceTable;
}

/** What one resource adds to the bill. */
export interface Priced {
  readonly lines: readonly Line[];
  readonly byUse?: readonly ByUse[];
}

export type Rule = (resource: Resource, around: Around) => Priced;
