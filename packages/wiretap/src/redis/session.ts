import type { Session } from '../connection.ts';
import { Exchanges } from '../exchanges.ts';
import type { RedisEvent } from '../events.ts';
import type { Opened } from '../proxy.ts';
import type { RedisExchange } from './exchange.ts';
import type { Isolation } from './isolation.ts';
import { ReplySide } from './reply-side.ts';
import { RequestSide } from './request-side.ts';

/** Follows one Redis connection. The store says nothing before it is asked, so the connection counts as made at once. */
export function createRedisSession(opened: Opened<RedisEvent, string>, isolation: Isolation): Session {
  const { connection, weather, connectEvent, forecast } = opened;
  for (const gate of forecast?.before ?? []) connection.requests.put(gate);
  connectEvent.endedAt = connection.record.now();
  connection.record.end(connectEvent);

  const exchanges = new Exchanges<RedisExchange>(connection);
  const replies = new ReplySide(connection, exchanges, weather);
  const requests = new RequestSide(connection, exchanges, {
    weather,
    isolation,
    onBlind: () => replies.goBlind(),
  });
  return {
    fromClient: (chunk) => requests.read(chunk),
    fromStore: (chunk) => replies.read(chunk),
    clientEnded: () => requests.release(),
    storeEnded: () => replies.release(),
  };
}
