import type { RedisEvent, WireEvent } from '@workshop/wiretap';

const blocking = new Set(
  'BLMOVE BLMPOP BLPOP BRPOP BRPOPLPUSH BZMPOP BZPOPMAX BZPOPMIN WAIT WAITAOF'.split(' '),
);

/**
 * Whether an answer is still to come among these, other than to a command that waits for something to happen.
 * @param isHeld whether the weather holds up what this event asked: then the answer may never come, and that is what is being observed
 */
export function isOutstanding(events: readonly WireEvent[], isHeld: (event: WireEvent) => boolean): boolean {
  const closed = new Set(
    events.flatMap(({ kind, connection }) => (kind === 'disconnect' ? [connection] : [])),
  );
  return events.some(
    (event) =>
      event.endedAt === undefined && !closed.has(event.connection) && !isHeld(event) && !blocks(event),
  );
}

/** A command that waits for something to happen. */
export function blocks(event: WireEvent): boolean {
  return event.store === 'redis' && waits(event);
}

function waits({ name = '', args = [] }: RedisEvent): boolean {
  const mayBlock = name === 'XREAD' || name === 'XREADGROUP';
  return blocking.has(name) || (mayBlock && args.some((arg) => arg.toString().toUpperCase() === 'BLOCK'));
}
