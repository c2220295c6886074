import { showMs } from '../pages/format.ts';
import type { LoadPlan } from './plan.ts';
import type { LoadProgress, LoadState } from './state.ts';

/** How a run goes, in words and figures. */
export interface ShownLoad {
  readonly headline: string;
  readonly isRunning: boolean;
  /** How much of it is done, 0 to 100. */
  readonly percent: number;
  readonly facts: readonly (readonly [name: string, value: string])[];
}

export function showLoad({ phase, plan, progress }: LoadState): ShownLoad {
  const isRunning = phase === 'running';
  return {
    headline: isRunning && progress === null ? 'Starting …' : HEADLINES[phase],
    isRunning,
    percent: isRunning ? percentOf(plan, progress) : phase === 'done' ? 100 : 0,
    // All of them at any time, so that nothing moves when there are figures.
    facts: [
      ['Requests/s', progress ? Math.round(progress.perSecond).toLocaleString('en-US') : '–'],
      ['p50', showTime(progress?.p50)],
      ['p95', showTime(progress?.p95)],
      ['p99', showTime(progress?.p99)],
      ['Failed', progress ? progress.failed.toLocaleString('en-US') : '–'],
      ['Answered', progress ? progress.answered.toLocaleString('en-US') : '–'],
      ['Took', progress ? `${progress.seconds.toFixed(1)} s` : '–'],
      ['Status', progress ? statusesOf(progress) : '–'],
    ],
  };
}

function percentOf(plan: LoadPlan | null, progress: LoadProgress | null): number {
  if (plan === null || progress === null) return 0;
  const share = Math.max(progress.answered / plan.requests, progress.seconds / plan.seconds);
  return Math.min(100, Math.floor(share * 100));
}

function showTime(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? '–' : showMs(ms);
}

/** `200`, or, when there are several, `200: 9,990, 503: 10`. */
function statusesOf({ statuses }: LoadProgress): string {
  const codes = Object.entries(statuses);
  if (codes.length < 2) return codes[0]?.[0] ?? '–';
  return codes.map(([code, count]) => `${code}: ${count.toLocaleString('en-US')}`).join(', ');
}

const HEADLINES: Record<LoadState['phase'], string> = {
  idle: 'Nothing has been run yet.',
  running: 'Running …',
  done: 'Done.',
  stopped: 'Stopped before its end.',
  broken: 'The generator failed. Try again; the server itself goes on.',
};
