import { CacheOptionError } from '../errors.ts';
import { callListener } from './emitter.ts';
import type { EmfLineOptions } from './emf-line.ts';
import { EMF_METRICS, emfLine } from './emf-line.ts';
import type { StatsSource } from './stats.ts';

export { EMF_METRICS, emfLine } from './emf-line.ts';
export type { EmfDistribution, EmfLineOptions, EmfUnit } from './emf-line.ts';

export interface EmfOptions extends Omit<EmfLineOptions, 'timestampMs'> {
  /**
   * The length of a period in milliseconds, at least 1,000.
   * @default 60_000
   */
  readonly everyMs?: number | undefined;
  /**
   * Takes one line, without its end, to where CloudWatch Logs gets it from.
   * @default to the standard output, which Lambda and the container log drivers forward
   */
  readonly write?: ((line: string) => unknown) | undefined;
  /**
   * The time in milliseconds since the epoch.
   * @default Date.now
   */
  readonly now?: (() => number) | undefined;
}

export interface EmfReporter {
  /** Writes what has happened since the last line, now. For a Lambda function, whose timers stand still between calls. */
  flush(): void;
  /** Writes the last line, and ends the reporter. Safe to call twice. */
  stop(): void;
}

/**
 * Writes a line of CloudWatch embedded metric format every period: what the cache did in it, and how it stands at its end. The
 * first period begins now. The timer does not keep the process alive; call `stop` before it ends, or the last period is lost.
 *
 * Throws `CacheOptionError` for what CloudWatch would refuse. A `write` that fails becomes a process warning.
 */
export function emfReporter(cache: StatsSource, options: EmfOptions): EmfReporter {
  checkOptions(options);
  const { namespace, dimensions, metrics, everyMs = 60_000, write = toStdout, now = Date.now } = options;
  let before = cache.stats();
  const flush = () => {
    const after = cache.stats();
    const line = emfLine(before, after, { namespace, dimensions, metrics, timestampMs: now() });
    before = after;
    callListener('the EMF reporter', write, line);
  };
  const timer = setInterval(flush, everyMs).unref();
  let isOver = false;
  return {
    flush,
    stop() {
      if (isOver) return;
      isOver = true;
      clearInterval(timer);
      flush();
    },
  };
}

function toStdout(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The longest delay of a Node timer; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

function checkOptions(options: EmfOptions): void {
  const { namespace, dimensions, metrics, everyMs = 60_000, write, now } = options;
  if (typeof namespace !== 'string' || !/^(?!AWS\/)[\w.#:/-]{1,255}$/.test(namespace)) {
    const needed = '1 to 255 letters, digits, or any of . _ # : / -, and not begin with AWS/';
    throw new CacheOptionError('namespace', namespace, needed);
  }
  checkDimensions(dimensions);
  for (const name of metrics ?? []) {
    if (!EMF_METRICS.includes(name)) {
      throw new CacheOptionError('metrics', name, `some of ${EMF_METRICS.join(', ')}`);
    }
  }
  if (!(Number.isFinite(everyMs) && everyMs >= 1_000 && everyMs <= MAX_TIMER_MS)) {
    throw new CacheOptionError('everyMs', everyMs, 'a number of milliseconds, at least 1,000');
  }
  if (write !== undefined && typeof write !== 'function') {
    throw new CacheOptionError('write', write, 'a function');
  }
  if (now !== undefined && typeof now !== 'function') throw new CacheOptionError('now', now, 'a function');
}

/** By the limits of CloudWatch's API for a `Dimension`: printable ASCII, 30 of them, names to 255 and values to 1,024 characters. */
function checkDimensions(dimensions: unknown): void {
  if (typeof dimensions !== 'object' || dimensions === null || Object.keys(dimensions).length > 30) {
    throw new CacheOptionError('dimensions', dimensions, 'an object of at most 30 names and values');
  }
  for (const [name, value] of Object.entries(dimensions)) {
    if (!/^(?!:)[ -~]{1,255}$/.test(name) || name.trim() === '') {
      throw new CacheOptionError('dimensions', name, 'names of printable ASCII that do not begin with ":"');
    }
    if (name === '_aws' || EMF_METRICS.includes(name)) {
      throw new CacheOptionError('dimensions', name, 'names that no metric has');
    }
    if (typeof value !== 'string' || !/^[ -~]{1,1024}$/.test(value) || value.trim() === '') {
      throw new CacheOptionError(`dimensions.${name}`, value, '1 to 1,024 characters of printable ASCII');
    }
  }
}
