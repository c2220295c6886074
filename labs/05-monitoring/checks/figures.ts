import { CallFailed, fail, orFailure } from '@workshop/lab-kit';
import { describe } from '../../describe.ts';
import { NotReadable, parseExposition, parseNumber, type Exposition } from './exposition.ts';
import type { Context } from './lab-check.ts';

type Labels = Readonly<Record<string, string>>;

/** What metrics() said at one moment. */
export class Figures {
  readonly exposition: Exposition;

  constructor(exposition: Exposition) {
    this.exposition = exposition;
  }

  /** The sum of all series that have these labels, whatever others they have; undefined where there is none. */
  sum(name: string, labels: Labels = {}): number | undefined {
    const found = this.exposition.samples.filter(
      (sample) =>
        sample.name === name &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    );
    return found.length === 0 ? undefined : found.reduce((total, { value }) => total + value, 0);
  }

  /** How many observations of a histogram were not above a bound, seconds; undefined where it has no such bucket. */
  upTo(name: string, bound: number, labels: Labels = {}): number | undefined {
    const bounds = this.exposition.samples.flatMap(({ name: each, labels: { le } }) =>
      each === `${name}_bucket` && le !== undefined ? [le] : [],
    );
    const le = bounds.find((text) => parseNumber(text) === bound);
    return le === undefined ? undefined : this.sum(`${name}_bucket`, { ...labels, le });
  }
}

/** @throws when metrics() returns what Prometheus can't read */
export async function figures({ store }: Pick<Context, 'store'>): Promise<Figures> {
  const text: unknown = await orFailure(store.metrics());
  if (text instanceof CallFailed) {
    fail(`metrics() failed: ${text.remote.message}`, {
      mistake: 'page-fails',
      leadsTo: 'The graphs end at the very moment at which somebody needs them.',
    });
  }
  if (typeof text !== 'string') fail(`metrics() returned ${describe(text)}, expected a string`);
  try {
    return new Figures(parseExposition(text));
  } catch (error) {
    if (!(error instanceof NotReadable)) throw error;
    return fail(`what metrics() returned can't be read: ${error.message}`, {
      mistake: 'not-readable',
      leadsTo: 'Prometheus drops the whole page for one bad line: every graph of this server is empty.',
    });
  }
}

/** By how much a figure grew; one that was not there before began at 0. */
export function growth(before: Figures, after: Figures, name: string, labels: Labels = {}): number {
  return (after.sum(name, labels) ?? 0) - (before.sum(name, labels) ?? 0);
}
