import type { Clock, OnProgress, Progress } from './progress.ts';

/** What is needed of `process.stdout` or `process.stderr`. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const REDRAW_MS = 100;
/** Where nothing can be redrawn, in a log, a line is written this often. */
const LOG_MS = 2_000;
const WIDEST_BAR = 24;
const NARROWEST_BAR = 6;
/** What is left for the bar must not change with the words beside it, or it would jump. */
const WIDEST_WORDS = 68;
const CLEAR_LINE = '\r\u001B[2K';

const whole = (count: number): string => Math.round(count).toLocaleString('en-US');

function timeLeft(seconds: number): string {
  const rounded = Math.ceil(seconds);
  return rounded < 90 ? `${rounded} s left` : `${Math.ceil(rounded / 60)} min left`;
}

function inWords({ step, rows, totalRows, rowsPerSecond, secondsLeft, elapsedMs }: Progress): string {
  if (step === 'waiting') return 'another process is loading this database; waiting for it to finish';
  const rate = `${whole(rowsPerSecond)} rows/s`;
  if (step === 'done') return `${whole(rows)} rows in ${(elapsedMs / 1000).toFixed(1)} s, ${rate}`;
  const count =
    totalRows === undefined ? `${whole(rows)} rows` : `${whole(rows)} of ${whole(totalRows)} rows`;
  if (step === 'storing') return `${count}, the server is finishing`;
  return [count, rate, ...(secondsLeft === undefined ? [] : [timeLeft(secondsLeft)])].join(', ');
}

/** One line, with a bar if there is room for it, and never wider than the terminal: a wrapped line can't be redrawn. */
function draw(progress: Progress, columns: number): string {
  const start = `${progress.table.padEnd(8)} `;
  const words = inWords(progress);
  const percent = `${Math.floor(progress.fraction * 100)}%`.padStart(4);
  const width = Math.min(WIDEST_BAR, columns - WIDEST_WORDS);
  const moving = progress.step === 'loading' || progress.step === 'storing';
  if (!moving || width < NARROWEST_BAR) return (start + words).slice(0, columns - 1);
  const full = Math.round(progress.fraction * width);
  return `${start}${'#'.repeat(full)}${'.'.repeat(width - full)} ${percent}  ${words}`.slice(0, columns - 1);
}

/**
 * Shows how a load is coming on: as a bar that is redrawn on its own line in a terminal, as a plain line every two seconds
 * elsewhere. Each table ends with a line that stays.
 */
export function createProgressPrinter(output: Output, now: Clock = () => performance.now()): OnProgress {
  let lastAt = Number.NEGATIVE_INFINITY;
  let last: Progress | undefined;
  return (progress) => {
    const { table, step } = progress;
    const stays = step === 'done' || step === 'waiting';
    // A log gets nothing of a load that is over at once, and no guess from its first rows.
    if (!output.isTTY && table !== last?.table) lastAt = now();
    const due = now() - lastAt >= (output.isTTY ? REDRAW_MS : LOG_MS);
    const news = output.isTTY === true && step !== last?.step;
    last = progress;
    if (!stays && !due && !news) return;
    lastAt = now();
    if (output.isTTY) output.write(CLEAR_LINE + draw(progress, output.columns || 80) + (stays ? '\n' : ''));
    else output.write(`${table}: ${inWords(progress)}\n`);
  };
}
