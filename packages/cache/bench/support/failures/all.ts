import { changedTypes } from './changed-types.ts';
import { failingLoad } from './failing-load.ts';
import type { Failure } from './failure.ts';
import { falsyMisses } from './falsy-misses.ts';
import { leftByClear } from './left-by-clear.ts';
import { loadsByTwo } from './loads-by-two.ts';
import { lostInvalidation } from './lost-invalidation.ts';
import { readsWithoutRedis } from './reads-without-redis.ts';

export const FAILURES: readonly Failure[] = [
  lostInvalidation,
  loadsByTwo,
  changedTypes,
  leftByClear,
  failingLoad,
  falsyMisses,
  readsWithoutRedis,
];
