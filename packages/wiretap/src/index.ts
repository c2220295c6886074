export {
  HoldNeverUsed,
  RecordOverflow,
  WaitTimeout,
  WeatherMatchError,
  WiretapOptionError,
} from './errors.ts';
export type {
  MysqlDone,
  MysqlErrorDetail,
  MysqlEvent,
  MysqlEventKind,
  MysqlFailed,
  MysqlParam,
  MysqlResult,
  MysqlRows,
  RedisErrorReply,
  RedisEvent,
  RedisEventKind,
  RedisReply,
  Shortened,
  WireEvent,
} from './events.ts';
export type { MysqlFailure } from './mysql/status-packets.ts';
export { createMysqlTap } from './mysql/tap.ts';
export { WireRecord, type RecordListener, type WaitOptions, type WireRecordOptions } from './record.ts';
export { commandKeys } from './redis/command-keys.ts';
export { defaultGuard, type GuardVerdict, type RedisGuard } from './redis/guard.ts';
export { createRedisTap } from './redis/tap.ts';
export type { MysqlTap, RedisTap, RedisTapOptions, Tap, TapOptions } from './tap.ts';
export type { Hold, Match, Spell, Weather } from './weather.ts';
