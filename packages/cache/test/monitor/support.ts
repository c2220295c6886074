import type { Gauges } from '../../src/monitor/stats.ts';

/** For tests that count: a busy machine must not turn a hit into a bypass. */
export const PATIENT = { timeoutMs: 20_000 };

export const NO_GAUGES: Gauges = {
  owedInvalidations: 0,
  lostInvalidations: 0,
  runningLoads: 0,
  queuedLoads: 0,
  nearEntries: 0,
  breakerOpen: false,
};
