import type { EngineRecords } from './engine-records.ts';

import type { Machine } from './machine.ts';
import type { Run } from './run-command.ts';
import type { Settings } from './settings.ts';

/** What there is to run. A cluster is a Redis Cluster of three primaries and three replicas. */
export type EngineKind = 'mysql' | 'redis' | 'cluster';

/** What every provider works with; made by `openContext` for one command, under the folder's lock. */
export interface EngineContext {
  readonly settings: Settings;
  /** Absolute; 0700; everything the engines keep. */
  readonly folder: string;
  readonly records: EngineRecords;
  /** Of every engine that we run. */
  readonly password: string;
  readonly run: Run;
  readonly machine: Machine;
  /** Takes one plain line for each step that may last over a second. It never holds a password. */
  readonly progress: (line: string) => void;
}
