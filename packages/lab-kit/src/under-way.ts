import type { RedisEvent, WireEvent, WireRecord } from '@workshop/wiretap';

/** Commands that wait for something to happen. */
const blocking = new Set(
  'BLMOVE BLMPOP BLPOP BRPOP BRPOPLPUSH BZMPOP BZPOPMAX BZPOPMIN WAIT WAITAOF'.split(' '),
);

/** What the stores have been asked and have not answered yet, but for what waits for something to happen. */
export class UnderWay {
  readonly #events = new Set<WireEvent>();

  constructor(record: WireRecord) {
    record.on((event, phase) => {
      if (event.kind === 'disconnect') this.#forget(event.connection);
      else if (phase === 'ended' || event.endedAt !== undefined) this.#events.delete(event);
      else if (!blocks(event)) this.#events.add(event);
    });
  }

  /**
   * Whether all is answered.
   * @param isHeld whether the weather holds up what this event asked: then the answer may never come, and that is what is being observed
   * @param range of the events' numbers: others do not matter
   */
  isAtRest(
    isHeld: (event: WireEvent) => boolean,
    { from = 0, upTo = Infinity }: Partial<Range> = {},
  ): boolean {
    for (const event of this.#events) {
      if (event.seq >= from && event.seq < upTo && !isHeld(event)) return false;
    }
    return true;
  }

  #forget(connection: number): void {
    for (const event of this.#events) if (event.connection === connection) this.#events.delete(event);
  }
}

/** Numbers of events: `from` is one of them, `upTo` is not. */
export interface Range {
  readonly from: number;
  readonly upTo: number;
}

function blocks(event: WireEvent): boolean {
  return event.store === 'redis' && waits(event);
}

function waits({ name = '', args = [] }: RedisEvent): boolean {
  const mayBlock = name === 'XREAD' || name === 'XREADGROUP';
  return blocking.has(name) || (mayBlock && args.some((arg) => arg.toString().toUpperCase() === 'BLOCK'));
}
