import type { EngineState, EngineStatus } from './engines-status.ts';

export interface TableOptions {
  /** How wide the terminal is, in characters. */
  columns: number;
  /** Colours a state's text. It may add nothing that takes room. @default none */
  paint?: (state: EngineState, text: string) => string;
}

const HEAD = ['ENGINE', 'STATE', 'VERSION', 'SOURCE', 'PID', 'URL'];

/** The engines' states as a table. Where it would be wider than the terminal, each URL gets a line of its own. */
export function formatStatus(
  statuses: readonly EngineStatus[],
  { columns, paint = (_, text) => text }: TableOptions,
): string {
  const rows = statuses.map(({ name, state, title, source, pid, url }) => [
    name,
    state === 'none' ? 'not started yet' : state,
    title ?? '-',
    source ?? '-',
    pid === undefined ? '-' : String(pid),
    url ?? '',
  ]);
  const widths = HEAD.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]!.length)));
  const oneLine = widths.reduce((sum, width) => sum + width + 2, -2) <= columns;
  const line = (cells: string[], state?: EngineState) => {
    const padded = cells.map((cell, column) => cell.padEnd(widths[column]!));
    if (state) padded[1] = paint(state, padded[1]!);
    const short = padded.slice(0, -1).join('  ').trimEnd();
    const url = cells.at(-1)!;
    if (oneLine) return `${padded.slice(0, -1).join('  ')}  ${url}`.trimEnd();
    return state && url ? `${short}\n  ${url}` : short;
  };
  return [line(HEAD), ...rows.map((row, index) => line(row, statuses[index]!.state))].join('\n');
}
