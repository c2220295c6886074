export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BreakerOptions {
  /** How many time-outs in a row open it. */
  readonly faults: number;
  /** How long it then stays open, in milliseconds. */
  readonly openMs: number;
  readonly now: () => number;
  readonly onState: (state: BreakerState) => void;
}

/**
 * A circuit breaker (Nygard, "Release It!"). A Redis that does not answer costs every read its whole time-out; after a few of
 * these in a row it is not asked any more, until one command a while is let through to find out whether it answers again.
 *
 * Our own, because the kept libraries (opossum, cockatiel) need Node 22, and none takes a clock.
 */
export class CircuitBreaker {
  readonly #options: BreakerOptions;
  #state: BreakerState = 'closed';
  #faults = 0;
  #openedAt = 0;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Whether a command may be sent now. One who gets a yes must report how it ended: after a time open, only one does. */
  admits(): boolean {
    if (this.#state === 'closed') return true;
    // A clock that was set back says nothing of how long it has been open, so Redis is tried.
    const sinceMs = this.#options.now() - this.#openedAt;
    if (sinceMs >= 0 && sinceMs < this.#options.openMs) return false;
    // A trial that never reports (its process was frozen) must not keep the circuit open for good: the next may try.
    this.#openedAt = this.#options.now();
    this.#turn('half-open');
    return true;
  }

  /** Redis answered, be it with an error. */
  answered(): void {
    this.#faults = 0;
    if (this.#state !== 'closed') this.#turn('closed');
  }

  /** Redis did not answer in time. */
  timedOut(): void {
    this.#faults++;
    if (this.#state === 'half-open' || (this.#state === 'closed' && this.#faults >= this.#options.faults)) {
      this.#openedAt = this.#options.now();
      this.#turn('open');
    }
  }

  #turn(state: BreakerState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.onState(state);
  }
}
