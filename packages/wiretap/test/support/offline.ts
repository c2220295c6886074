import { Writable } from 'node:stream';
import type { Session, Wire } from '../../src/connection.ts';
import type { MysqlEvent, RedisEvent, WireEvent } from '../../src/events.ts';
import { Lane } from '../../src/lane.ts';
import { createMysqlSession } from '../../src/mysql/session.ts';
import type { MysqlFailure } from '../../src/mysql/status-packets.ts';
import { WireRecord } from '../../src/record.ts';
import { createIsolation } from '../../src/redis/isolation.ts';
import { createRedisSession } from '../../src/redis/session.ts';
import type { RedisTapOptions } from '../../src/tap.ts';
import { WeatherStation } from '../../src/weather.ts';

/** What one side sent, before the other said anything. */
export interface Run {
  from: 'client' | 'store';
  bytes: Buffer;
}

/** A session without sockets: what goes in is given by hand, what comes out is kept. */
export interface Offline {
  record: WireRecord;
  feed(from: Run['from'], chunk: Buffer): void;
  end(): void;
  toStore(): Buffer;
  toClient(): Buffer;
  cuts: string[];
}

export function offlineRedis(options: Partial<RedisTapOptions> = {}): Offline {
  const isolation = createIsolation({ upstream: { host: '127.0.0.1', port: 1 }, ...options });
  return offline((wire) => {
    const weather = new WeatherStation<RedisEvent, string>({
      cutAll: () => undefined,
      checkFailure: () => undefined,
    });
    const connectEvent: RedisEvent = {
      store: 'redis',
      kind: 'connect',
      seq: -1,
      connection: 1,
      startedAt: 0,
    };
    wire.record.start(connectEvent);
    return createRedisSession({ connection: wire, weather, connectEvent, forecast: undefined }, isolation);
  });
}

export function offlineMysql(): Offline {
  return offline((wire) => {
    const sky = { cutAll: () => undefined, checkFailure: () => undefined };
    const weather = new WeatherStation<MysqlEvent, MysqlFailure>(sky);
    const connectEvent: MysqlEvent = {
      store: 'mysql',
      kind: 'connect',
      seq: -1,
      connection: 1,
      startedAt: 0,
    };
    wire.record.start(connectEvent);
    return createMysqlSession({ connection: wire, weather, connectEvent, forecast: undefined });
  });
}

function offline(createSession: (wire: Wire) => Session): Offline {
  const record = new WireRecord();
  const store = new Sink();
  const client = new Sink();
  const tap = { pause: () => tap, resume: () => tap } as never;
  const cuts: string[] = [];
  const wire: Wire = {
    number: 1,
    record,
    requests: new Lane(tap, store),
    replies: new Lane(tap, client),
    cut: (note) => cuts.push(note ?? ''),
  };
  const session = createSession(wire);
  const flush = (): void => {
    wire.requests.flush();
    wire.replies.flush();
  };
  flush();
  return {
    record,
    cuts,
    feed(from, chunk) {
      if (from === 'client') session.fromClient(chunk);
      else session.fromStore(chunk);
      flush();
    },
    end() {
      session.clientEnded();
      session.storeEnded();
      flush();
    },
    toStore: () => store.bytes(),
    toClient: () => client.bytes(),
  };
}

/** The events without what differs from one time to the next. */
export function timeless(events: readonly WireEvent[]): unknown[] {
  return events.map((event) => ({
    ...event,
    startedAt: 0,
    endedAt: event.endedAt === undefined ? undefined : 0,
  }));
}

class Sink extends Writable {
  #chunks: Buffer[] = [];

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
