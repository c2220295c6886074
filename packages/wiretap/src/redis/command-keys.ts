import type { RedisEvent } from '../events.ts';

type Finder = (args: readonly Buffer[]) => readonly Buffer[];

const none: Finder = () => [];
const all: Finder = (args) => args;
const first: Finder = (args) => args.slice(0, 1);
const second: Finder = (args) => args.slice(1, 2);
const firstTwo: Finder = (args) => args.slice(0, 2);
const allButFirst: Finder = (args) => args.slice(1);
const allButLast: Finder = (args) => args.slice(0, -1);
const everySecond: Finder = (args) => args.filter((_, index) => index % 2 === 0);

/** The number of keys stands at `at`, and they after it. */
const counted =
  (at: number): Finder =>
  (args) => {
    const count = Number(args[at]);
    return count > 0 ? args.slice(at + 1, at + 1 + count) : [];
  };

const storeCounted: Finder = (args) => [...first(args), ...counted(1)(args)];

/** XREAD ... STREAMS key... id...: as many keys as ids. */
const afterStreams: Finder = (args) => {
  const at = args.findIndex((arg) => arg.toString('latin1').toUpperCase() === 'STREAMS');
  return at === -1 ? [] : args.slice(at + 1, at + 1 + Math.floor((args.length - at - 1) / 2));
};

const FINDERS = new Map<string, Finder>();
function define(finder: Finder, names: string): void {
  for (const name of names.split(' ')) FINDERS.set(name, finder);
}
define(
  none,
  'ACL AUTH CLIENT CLUSTER COMMAND CONFIG DBSIZE DISCARD ECHO EXEC FLUSHALL FLUSHDB FUNCTION HELLO INFO KEYS LATENCY ' +
    'MODULE MONITOR MULTI PING PSUBSCRIBE PUBLISH PUBSUB PUNSUBSCRIBE QUIT RANDOMKEY READONLY READWRITE RESET ROLE SCAN ' +
    'SCRIPT SELECT SLOWLOG SPUBLISH SSUBSCRIBE SUBSCRIBE SUNSUBSCRIBE SWAPDB TIME UNSUBSCRIBE UNWATCH WAIT WAITAOF',
);
define(
  all,
  'DEL EXISTS MGET PFCOUNT PFMERGE SDIFF SDIFFSTORE SINTER SINTERSTORE SUNION SUNIONSTORE TOUCH UNLINK WATCH',
);
define(everySecond, 'MSET MSETNX');
define(
  firstTwo,
  'BLMOVE BRPOPLPUSH COPY GEOSEARCHSTORE LCS LMOVE RENAME RENAMENX RPOPLPUSH SMOVE ZRANGESTORE',
);
define(second, 'MEMORY OBJECT XGROUP XINFO');
define(allButFirst, 'BITOP');
define(allButLast, 'BLPOP BRPOP BZPOPMAX BZPOPMIN');
define(counted(0), 'LMPOP SINTERCARD ZDIFF ZINTER ZINTERCARD ZMPOP ZUNION');
define(counted(1), 'BLMPOP BZMPOP EVAL EVALSHA EVALSHA_RO EVAL_RO FCALL FCALL_RO');
define(storeCounted, 'ZDIFFSTORE ZINTERSTORE ZUNIONSTORE');
define(afterStreams, 'XREAD XREADGROUP');

/** The keys a command names, as text. Of a command it does not know, the first argument, where nearly all have it. */
export function commandKeys({ name = '', args = [] }: RedisEvent): string[] {
  return (FINDERS.get(name) ?? first)(args).map(String);
}
