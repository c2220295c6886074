import type { WireEvent, WireRecord } from '@workshop/wiretap';
import { blocks } from './outstanding.ts';

/** What the stores have been asked and have not answered yet. */
export class UnderWay {
  readonly #events = new Set<WireEvent>();

  constructor(record: WireRecord) {
    record.on((event, phase) => {
      if (event.kind === 'disconnect') this.#forget(event.connection);
      else if (phase === 'ended' || event.endedAt !== undefined) this.#events.delete(event);
      else if (!blocks(event)) this.#events.add(event);
    });
  }

  /** @param isHeld whether the weather holds up what this event asked */
  isAtRest(isHeld: (event: WireEvent) => boolean): boolean {
    return [...this.#events].every(isHeld);
  }

  #forget(connection: number): void {
    for (const event of this.#events) if (event.connection === connection) this.#events.delete(event);
  }
}
