import type { TableState } from './table-state.ts';

/**
 * What a load may replace. `nothing`: no table that has rows. `outdated`: what this workshop generated. `imported`: also articles that came from a CSV, loaded
 * by us or by AWS's own script. `anything`: whatever is there, and load even if nothing is missing.
 */
export type Replace = 'nothing' | 'outdated' | 'imported' | 'anything';

export type Verdict = 'keep' | 'load' | 'refuse';

/**
 * Whether a table as it was found is to be kept, loaded anew, or not touched at all. People point MYSQL_URL at databases of
 * their own, so a table that is neither ours nor of our shape is never replaced unasked.
 */
export function judge(
  state: TableState,
  wanted: { made: string; totalRows?: number },
  replace: Replace,
): Verdict {
  if (replace === 'anything' || !state.exists) return 'load';
  const { contents, rows, sameColumns } = state;
  if (replace === 'nothing' && rows > 0) return 'keep';
  if (contents === undefined && !sameColumns) return 'refuse';
  if (contents === undefined || contents.kind === 'csv')
    return rows > 0 && replace === 'outdated' ? 'keep' : 'load';
  const whole = contents.rows === rows && rows === (wanted.totalRows ?? rows);
  return whole && contents.kind === 'generated' && contents.made === wanted.made ? 'keep' : 'load';
}
