import { within } from '../within.ts';
import type { EngineWatch } from './sample.ts';

export interface Polled<T> {
  readonly watch: EngineWatch;
  readonly figures: T | undefined;
}

/** Asks an engine, never twice at once, and never waits longer than its limit. */
export class Poll<T> {
  readonly #ask: ((signal: AbortSignal) => Promise<T>) | undefined;
  readonly #limitMs: number;
  #isAsking = false;

  constructor(ask: ((signal: AbortSignal) => Promise<T>) | undefined, limitMs: number) {
    this.#ask = ask;
    this.#limitMs = limitMs;
  }

  /** Never rejects: an engine that fails, is too slow, or still owes the last answer is away. */
  async take(): Promise<Polled<T>> {
    if (this.#ask === undefined) return { watch: 'unwatched', figures: undefined };
    if (this.#isAsking) return { watch: 'away', figures: undefined };
    this.#isAsking = true;
    const abandoned = new AbortController();
    const asked = this.#ask(abandoned.signal).finally(() => (this.#isAsking = false));
    try {
      const figures = await within(this.#limitMs, asked, () => new Error('Too slow.'));
      return { watch: 'ok', figures };
    } catch {
      abandoned.abort();
      return { watch: 'away', figures: undefined };
    }
  }
}
