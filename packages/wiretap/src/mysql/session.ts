import type { Session } from '../connection.ts';
import type { MysqlEvent } from '../events.ts';
import type { Opened } from '../proxy.ts';
import { ClientSide } from './client-side.ts';
import { Conversation } from './conversation.ts';
import { Reply } from './reply.ts';
import type { MysqlFailure } from './status-packets.ts';
import { StoreSide } from './store-side.ts';

/** Follows one MySQL connection. Its making is the first exchange: the greeting and what follows is the store's reply. */
export function createMysqlSession({
  connection,
  weather,
  connectEvent,
  forecast,
}: Opened<MysqlEvent, MysqlFailure>): Session {
  const talk = new Conversation(connection, connectEvent);
  // Nobody has asked, so what would hold the question back holds the greeting.
  const gates = forecast?.before.map((gate) => () => gate) ?? [];
  talk.exchanges.submit({
    event: connectEvent,
    request: Buffer.alloc(0),
    reply: new Reply('login', talk.dialect),
    forecast: forecast && { ...forecast, before: [], after: [...gates, ...forecast.after] },
  });
  const client = new ClientSide(talk, weather);
  const store = new StoreSide(talk);
  return {
    fromClient: (chunk) => client.read(chunk),
    fromStore: (chunk) => store.read(chunk),
    clientEnded: () => client.release(),
    storeEnded: () => store.release(),
  };
}
