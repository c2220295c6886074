import { createServer, type Server, type Socket } from 'node:net';
import { Connection, type Session, type Wire } from './connection.ts';
import { WiretapOptionError } from './errors.ts';
import type { WireEvent } from './events.ts';
import { WireRecord } from './record.ts';
import type { Tap, TapOptions } from './tap.ts';
import { WeatherStation, type Forecast } from './weather.ts';

/** What a protocol brings to the proxy. */
export interface Protocol<E extends WireEvent, Failure> {
  store: WireEvent['store'];
  connectEvent(base: { seq: number; connection: number; startedAt: number }): E;
  /** Throws WiretapOptionError for a failure that the protocol cannot say. */
  checkFailure(failure: Failure): void;
  /** Notes the failure in the event; returns what a server says to a connection it does not take. */
  turnAway(connectEvent: E, failure: Failure): Buffer;
  createSession(opened: Opened<E, Failure>): Session;
}

/** A connection that has just been made, for its session. */
export interface Opened<E extends WireEvent, Failure> {
  connection: Wire;
  weather: WeatherStation<E, Failure>;
  connectEvent: E;
  /** The weather on the connection's being made. */
  forecast: Forecast<Failure> | undefined;
}

/**
 * Listens on a free port of 127.0.0.1. Each client gets a connection of its own to the store, and a session that
 * reads along in both directions.
 */
export async function openTap<E extends WireEvent, Failure>(
  options: TapOptions,
  protocol: Protocol<E, Failure>,
): Promise<Tap<E, Failure>> {
  const upstream = checkUpstream(options.upstream);
  const record = options.record ?? new WireRecord();
  const connections = new Set<Connection>();
  const turnedAway = new Set<Socket>();
  const weather = new WeatherStation<E, Failure>({
    checkFailure: (failure) => protocol.checkFailure(failure),
    cutAll: () => {
      for (const connection of connections) connection.reset('cut by the weather: refuse');
    },
  });

  const accept = (client: Socket): void => {
    const number = record.nextConnection();
    const event = protocol.connectEvent({ seq: -1, connection: number, startedAt: record.now() });
    if (weather.isRefusing) {
      event.note = 'refused by the weather';
      event.endedAt = event.startedAt;
      record.start(event);
      client.on('error', () => undefined).resetAndDestroy();
      return;
    }
    record.start(event);
    const forecast = weather.forecast(event);
    if (forecast?.failure) {
      // Ended, not destroyed: input left unread would turn the close into a reset, and the words could be lost.
      client.on('error', () => undefined).end(protocol.turnAway(event, forecast.failure.error));
      turnedAway.add(client.resume());
      client.on('close', () => turnedAway.delete(client));
      event.endedAt = record.now();
      record.end(event);
      return;
    }
    const connection = new Connection(client, upstream, { store: protocol.store, number, record });
    connections.add(connection);
    void connection.gone.then(() => connections.delete(connection));
    connection.attach(protocol.createSession({ connection, weather, connectEvent: event, forecast }));
  };

  const server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
  const port = await listen(server);

  return {
    host: '127.0.0.1',
    port,
    record,
    weather,
    get openConnections() {
      return [...connections].filter((connection) => connection.isOpen).length;
    },
    isHeld(number) {
      return [...connections].some((connection) => connection.number === number && connection.isHeld);
    },
    url(base) {
      const url = new URL(base);
      url.hostname = '127.0.0.1';
      url.port = String(port);
      return url.href;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const gone = [...connections].map((connection) => {
        connection.reset('the tap was closed');
        return connection.gone;
      });
      for (const client of turnedAway) client.destroy();
      try {
        weather.clear();
      } finally {
        await Promise.all([closed, ...gone]);
      }
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      // Only a server on a pipe, or none that listens, has an address of another sort.
      if (address === null || typeof address === 'string') reject(new Error('the tap got no port'));
      else resolve(address.port);
    });
  });
}

function checkUpstream({ host, port }: TapOptions['upstream']): TapOptions['upstream'] {
  if (typeof host !== 'string' || host === '')
    throw new WiretapOptionError('upstream.host', host, 'a host name');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new WiretapOptionError('upstream.port', port, 'a port number, 1 to 65535');
  }
  return { host, port };
}
