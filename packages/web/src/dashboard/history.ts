import { randomUUID } from 'node:crypto';
import type { Mark, Sample, SampleEvent, State } from './sample.ts';
import { toRow } from './sample.ts';

/** An hour of samples at one a second. */
const LENGTH = 3_600;
const MOST_MARKS = 200;

/**
 * The samples of the last hour. Each is kept as the text that it is sent as, about 100 bytes, so an hour takes half a megabyte, and a reader's
 * opening is little more than one `join`.
 */
export class History {
  readonly #length: number;
  /** Tells this server's events from those of the one before it, which had the same numbers. */
  readonly #session = randomUUID().slice(0, 8);
  readonly #rows: string[] = [];
  /** Each with the number of the sample before it. */
  readonly #marks: { readonly number: number; readonly mark: Mark }[] = [];
  /** The number of the latest sample; the first is 1. */
  #number = 0;
  #latest: Sample | undefined;
  /** The whole history as an event, for all who come within the same second. */
  #whole: Buffer | undefined;

  constructor(length = LENGTH) {
    this.#length = length;
  }

  get latest(): Sample | undefined {
    return this.#latest;
  }

  /** Keeps a sample, and gives the event that tells of it. */
  add(sample: Sample): Buffer {
    const row = toRow(sample.figures);
    this.#number++;
    this.#latest = sample;
    this.#whole = undefined;
    this.#rows.push(JSON.stringify(row));
    if (this.#rows.length > this.#length) this.#rows.shift();
    return this.#event('sample', JSON.stringify({ row, state: sample.state } satisfies SampleEvent));
  }

  /** Keeps a mark, and gives the event that tells of it. */
  mark(mark: Mark): Buffer {
    this.#whole = undefined;
    this.#marks.push({ number: this.#number, mark });
    if (this.#marks.length > MOST_MARKS) this.#marks.shift();
    return this.#event('mark', JSON.stringify(mark));
  }

  /** The event that a new reader gets first: all there is, or, for one who was here before, what came since. */
  opening(lastEventId?: string): Buffer {
    const seen = this.#seen(lastEventId);
    if (seen === undefined) return (this.#whole ??= this.#history(0, false));
    return this.#history(seen, true);
  }

  /** The number of the last sample that this reader has; undefined for one who needs all. */
  #seen(lastEventId: string | undefined): number | undefined {
    const [, session, number] = /^(\w{8})-(\d{1,9})$/.exec(lastEventId ?? '') ?? [];
    if (session !== this.#session) return undefined;
    const missed = this.#number - Number(number);
    return missed >= 0 && missed < this.#rows.length ? Number(number) : undefined;
  }

  #history(seen: number, resumed: boolean): Buffer {
    const missed = Math.min(this.#number - seen, this.#rows.length);
    const rows = this.#rows.slice(this.#rows.length - missed).join(',');
    // A mark that came right after the last sample may have been seen or not: better twice than never.
    const marks = this.#marks.filter(({ number }) => number >= seen).map(({ mark }) => mark);
    const state: State | null = this.#latest?.state ?? null;
    const rest = `"marks":${JSON.stringify(marks)},"state":${JSON.stringify(state)}`;
    return this.#event('history', `{"resumed":${resumed},"rows":[${rows}],${rest}}`);
  }

  #event(name: string, data: string): Buffer {
    return Buffer.from(`id: ${this.#session}-${this.#number}\nevent: ${name}\ndata: ${data}\n\n`);
  }
}
