import type { Monitor } from './monitor/monitor.ts';
import type { Time } from './time.ts';

/** More keys than this do not fail at once; past it the oldest error is forgotten. */
const LIMIT = 10_000;

/** The errors of loads, remembered for as long as their readers asked for. */
export class ErrorMemory {
  readonly #time: Time;
  readonly #errors = new Map<
    string,
    { readonly error: unknown; readonly since: number; readonly ms: number }
  >();

  constructor(time: Time) {
    this.#time = time;
  }

  /** Throws the error that the last load of this name ended with, if it is still remembered. */
  rethrow(name: string, monitor: Monitor): void {
    const known = this.#errors.get(name);
    if (known === undefined) return;
    const ageMs = this.#time.now() - known.since;
    // A clock that was set back must not make it last.
    if (ageMs >= known.ms || ageMs < 0) {
      this.#errors.delete(name);
      return;
    }
    monitor.count('rememberedErrors');
    throw known.error;
  }

  remember(name: string, error: unknown, ms: number): void {
    this.#errors.delete(name);
    this.#errors.set(name, { error, since: this.#time.now(), ms });
    const [oldest] = this.#errors.keys();
    if (this.#errors.size > LIMIT && oldest !== undefined) this.#errors.delete(oldest);
  }

  forget(name: string): void {
    this.#errors.delete(name);
  }

  forgetAll(): void {
    this.#errors.clear();
  }
}
