import type { Field, Figures, Mark } from '../../dashboard/sample.ts';
import { FIELDS } from '../../dashboard/sample.ts';

/** An hour of samples, and as much again for the gaps between them. */
const MOST = 7_200;
/** Samples further apart than this have a gap between them. */
const GAP_MS = 2_500;

type Columns = Record<Field, (number | null)[]>;

/** The samples that the page has, field by field as a chart wants them. */
export class Samples {
  readonly #columns: Columns;
  readonly #marks: Mark[] = [];
  #latest: Figures | undefined;

  constructor() {
    this.#columns = Object.fromEntries(FIELDS.map((field) => [field, []])) as unknown as Columns;
  }

  get latest(): Figures | undefined {
    return this.#latest;
  }

  get marks(): readonly Mark[] {
    return this.#marks;
  }

  get length(): number {
    return this.#columns.at.length;
  }

  column(field: Field): readonly (number | null)[] {
    return this.#columns[field];
  }

  clear(): void {
    for (const field of FIELDS) this.#columns[field].length = 0;
    this.#marks.length = 0;
    this.#latest = undefined;
  }

  /** Samples that are not newer than the latest are left out. */
  add(figures: Figures): void {
    const before = this.#latest?.at;
    if (before !== undefined && figures.at <= before) return;
    // A line must not cross the time in which nothing was heard.
    if (before !== undefined && figures.at - before > GAP_MS) this.#push({ at: before + 1 });
    this.#push(figures);
    this.#latest = figures;
    if (this.length <= MOST) return;
    for (const field of FIELDS) this.#columns[field].shift();
  }

  mark(mark: Mark): void {
    if (!this.#marks.some(({ at, text }) => at === mark.at && text === mark.text)) this.#marks.push(mark);
  }

  /** The place of the first sample that is not older than `at`. */
  from(at: number): number {
    const times = this.#columns.at;
    let place = times.length;
    while (place > 0 && (times[place - 1] ?? 0) >= at) place--;
    return place;
  }

  #push(figures: Partial<Figures>): void {
    for (const field of FIELDS) this.#columns[field].push(figures[field] ?? null);
  }
}
