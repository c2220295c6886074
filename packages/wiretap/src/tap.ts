import type { MysqlEvent, RedisEvent, WireEvent } from './events.ts';
import type { MysqlFailure } from './mysql/status-packets.ts';
import type { RedisGuard } from './redis/guard.ts';
import type { WireRecord } from './record.ts';
import type { Weather } from './weather.ts';

export interface TapOptions {
  /** Where the store is. Plain TCP: a tap cannot read TLS. */
  upstream: { host: string; port: number };
  /** Give two taps the same record and they write into one ordered list. Default: a record of its own. */
  record?: WireRecord;
}

export interface RedisTapOptions extends TapOptions {
  /** Every connection is put on this database whatever it SELECTs, and the guard is on. */
  database?: number;
  /** With `password`, the tap logs in itself; clients may then send any credential or none. */
  username?: string;
  password?: string;
  /** Judges each command before it is passed on. Default: `defaultGuard` when `database` is given, else none. */
  guard?: RedisGuard | false;
}

export interface Tap<E extends WireEvent = WireEvent, Failure = MysqlFailure | string> {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly record: WireRecord;
  readonly weather: Weather<E, Failure>;
  /** Client connections open at this moment. */
  readonly openConnections: number;
  /** Whether the weather holds something of this connection, by its number in the record: what is under way there may never end. */
  isHeld(connection: number): boolean;
  /** The same URL, through the tap: user, password, path and query stay as they are. */
  url(base: string): string;
  /** Cuts every connection, stops all weather, frees the port. No handle is left when it resolves. */
  close(): Promise<void>;
}

export type MysqlTap = Tap<MysqlEvent, MysqlFailure>;
/** Redis's failure is the error line, with or without its `-`: `OOM command not allowed`. */
export type RedisTap = Tap<RedisEvent, string>;
