/** How far a load has come. */
export interface Progress {
  table: string;
  /**
   * `waiting`: another process loads the same database. `loading`: rows are being sent.
   * `storing`: all are sent and the server is finishing. `done`: the new table is in its place.
   */
  step: 'waiting' | 'loading' | 'storing' | 'done';
  /** Sent so far. */
  rows: number;
  /** In all, where that is known beforehand (of a CSV only the size is). */
  totalRows?: number;
  /** 0 to 1. */
  fraction: number;
  rowsPerSecond: number;
  /** Undefined for the first moments. */
  secondsLeft?: number;
  elapsedMs: number;
}

export type OnProgress = (progress: Progress) => void;

/** Milliseconds from any fixed moment. */
export type Clock = () => number;

/** Before this, connecting and compiling weigh more than the rows do, and any guess is far too long. */
const FIRST_GUESS_MS = 300;

/** Turns "so much has been sent" into rows a second and the time left, by the average since the start. */
export class ProgressMeter {
  readonly #table: string;
  readonly #report: OnProgress;
  readonly #now: Clock;
  readonly #startedAt: number;
  readonly #totalRows: number | undefined;
  #rows = 0;
  #fraction = 0;

  constructor(table: string, report: OnProgress, totalRows?: number, now: Clock = () => performance.now()) {
    this.#table = table;
    this.#report = report;
    this.#now = now;
    this.#startedAt = now();
    this.#totalRows = totalRows;
  }

  /** `fraction` need not be given where the total is known. */
  sent(rows: number, fraction?: number): void {
    this.#rows += rows;
    this.#fraction = Math.min(1, fraction ?? (this.#totalRows ? this.#rows / this.#totalRows : 0));
    this.#tell(this.#fraction < 1 ? 'loading' : 'storing');
  }

  done(): void {
    this.#fraction = 1;
    this.#tell('done');
  }

  #tell(step: Progress['step']): void {
    const elapsedMs = this.#now() - this.#startedAt;
    const secondsLeft = (elapsedMs * (1 - this.#fraction)) / this.#fraction / 1000;
    this.#report({
      table: this.#table,
      step,
      rows: this.#rows,
      fraction: this.#fraction,
      rowsPerSecond: elapsedMs > 0 ? (this.#rows / elapsedMs) * 1000 : 0,
      elapsedMs,
      ...(this.#totalRows === undefined ? {} : { totalRows: this.#totalRows }),
      ...(elapsedMs >= FIRST_GUESS_MS && this.#fraction > 0 ? { secondsLeft } : {}),
    });
  }
}

export function waiting(table: string): Progress {
  return { table, step: 'waiting', rows: 0, fraction: 0, rowsPerSecond: 0, elapsedMs: 0 };
}
