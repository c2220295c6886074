import type { WireEvent } from './events.ts';

/** Nobody did what `WireRecord.waitFor` waited for. */
export class WaitTimeout extends Error {
  override readonly name = 'WaitTimeout';
  readonly what: string;
  readonly timeoutMs: number;
  /** What did cross the wire meanwhile, from the mark that the wait began at. */
  readonly seen: readonly WireEvent[];

  constructor(what: string, timeoutMs: number, seen: readonly WireEvent[]) {
    super(`waited ${timeoutMs} ms for ${what}; ${seen.length} other event(s) crossed the wire`);
    this.what = what;
    this.timeoutMs = timeoutMs;
    this.seen = seen;
  }
}

/** Events that were asked for have been dropped, so any answer about them would be a guess. */
export class RecordOverflow extends Error {
  override readonly name = 'RecordOverflow';
  /** How many of the events asked for are gone. */
  readonly missing: number;

  constructor(missing: number, kept: number) {
    super(
      `${missing} of the events asked for are no longer recorded: more crossed the wire than a record keeps ` +
        `(the last ${kept} are there). Look at fewer at a time, or raise maxEvents and maxBytes.`,
    );
    this.missing = missing;
  }
}

/** A hold was stopped before anything arrived that it would have held. */
export class HoldNeverUsed extends Error {
  override readonly name = 'HoldNeverUsed';

  constructor() {
    super('the hold was stopped before a matching request arrived');
  }
}

/** The `match` given to a piece of weather threw; the weather ended there and then. */
export class WeatherMatchError extends Error {
  override readonly name = 'WeatherMatchError';
  readonly event: WireEvent;

  constructor(event: WireEvent, cause: unknown) {
    super(`the match of a piece of weather threw at ${event.store} event ${event.seq} (${event.kind})`, {
      cause,
    });
    this.event = event;
  }
}

/** An option that cannot work, found when it is given rather than when it is used. */
export class WiretapOptionError extends TypeError {
  override readonly name = 'WiretapOptionError';
  readonly option: string;
  readonly value: unknown;

  constructor(option: string, value: unknown, wanted: string) {
    super(
      `wiretap option ${option} must be ${wanted}, got ${typeof value === 'string' ? `'${value}'` : String(value)}`,
    );
    this.option = option;
    this.value = value;
  }
}
