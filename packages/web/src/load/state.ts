import type { LoadPlan } from './plan.ts';

/** How far a run is, or how it went. Sent to browsers as it is. */
export interface LoadProgress {
  /** Since its first request. */
  readonly seconds: number;
  readonly answered: number;
  /** No whole answer, or a status from 500 on. */
  readonly failed: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly perSecond: number;
  /** Times of whole answers in milliseconds, as the callers saw them; `null` while there are none. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** Bytes of the bodies, as they came over the wire. */
  readonly bytes: number;
}

/** `stopped`: before its end, because somebody asked. `broken`: the generator itself failed. */
export type LoadPhase = 'idle' | 'running' | 'done' | 'stopped' | 'broken';

export interface LoadState {
  readonly phase: LoadPhase;
  /** Of the run that is under way, or of the last one. */
  readonly plan: LoadPlan | null;
  readonly progress: LoadProgress | null;
}

export const IDLE: LoadState = { phase: 'idle', plan: null, progress: null };
