import type { PlanLine } from './article-store.ts';

/** A line of EXPLAIN in words. */
export interface PlanView extends PlanLine {
  readonly inWords: string;
  /** Reads more than it gives. */
  readonly isCostly: boolean;
}

export function planView(lines: readonly PlanLine[]): PlanView[] {
  return lines.map((line) => ({
    ...line,
    inWords: IN_WORDS[line.type] ?? 'reads some of its rows.',
    isCostly: line.type === 'ALL' || line.type === 'index',
  }));
}

/** EXPLAIN's access types, as MySQL's manual has them under "EXPLAIN Join Types". */
const IN_WORDS: Record<string, string> = {
  ALL: 'reads every row of the table.',
  index: 'reads the whole index from its beginning, until it has enough rows.',
  range: 'reads a stretch of an index.',
  ref: 'looks up the rows of a key.',
  eq_ref: 'looks up one row by its key, for each row of the table before.',
  const: 'looks up one row by its key.',
  system: 'reads its only row.',
  fulltext: 'asks the full-text index.',
};
