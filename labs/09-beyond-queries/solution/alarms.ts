import type { Alarm } from '../../contract.ts';
import { slowSeconds } from './metrics.ts';
import type { Recent } from './recent.ts';
import type { RedisInfo } from './redis-info.ts';

/** Fewer reads in a minute say nothing about a ratio. */
const leastReads = 20;
const leastHitRatio = 0.8;
/** Of the memory that Redis may use. */
const mostMemory = 0.8;

/** Each rule looks at the present or at the last minute, so each alarm clears by itself once its cause is gone. */
export function judge(recent: Recent, info: RedisInfo | undefined, evictions: number): Alarm[] {
  const ratio = recent.reads >= leastReads ? recent.hitRatio : null;
  const slowest = recent.loadSeconds(0.95);
  const memory = info && info.maxBytes > 0 ? info.usedBytes / info.maxBytes : null;
  const evicted = info ? evictions : null;
  return [
    { name: 'hit-ratio-low', firing: ratio !== null && ratio < leastHitRatio, value: ratio },
    { name: 'loads-slow', firing: slowest !== null && slowest > slowSeconds, value: slowest },
    { name: 'redis-away', firing: info === undefined, value: info ? 0 : 1 },
    { name: 'memory-high', firing: memory !== null && memory >= mostMemory, value: memory },
    { name: 'evicting', firing: evicted !== null && evicted > 0, value: evicted },
  ];
}
