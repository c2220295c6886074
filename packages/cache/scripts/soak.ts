import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FaultName } from '../test/interleavings/faults.ts';
import { FAULTS } from '../test/interleavings/faults.ts';
import { makePlan } from '../test/interleavings/plan.ts';
import { explain } from '../test/interleavings/report.ts';
import { withWire } from '../test/interleavings/run-schedules.ts';

export interface SoakOptions {
  readonly redisUrl: string;
  /** The first seed. */
  readonly seed: number;
  readonly schedules: number;
  readonly fault?: FaultName | undefined;
  readonly log: (line: string) => void;
  readonly progress: (line: string) => void;
}

export type ToWorker = Pick<SoakOptions, 'redisUrl' | 'seed' | 'schedules' | 'fault'>;

interface Counts {
  readonly done: number;
  readonly readsChecked: number;
  readonly failed: number;
  readonly stale: number;
}

interface End {
  readonly kind: 'end';
  readonly steps: number;
  readonly interleavings: ReadonlySet<number>;
  readonly strays: readonly string[];
  readonly failedSeeds: readonly string[];
  readonly explained: readonly string[];
}

export type FromWorker = { readonly kind: 'progress'; readonly counts: Counts } | End;

/** The ways of breaking the cache that `fault` may name. */
export const faults: readonly string[] = Object.keys(FAULTS);

/** More would only wait for each other: each keeps one core busy, and Redis a good part of another. */
const WORKERS = 2;

const PROGRESS_MS = 5_000;

/** Runs many schedules on several processes and prints what came of them. @returns whether nothing was wrong */
export async function soak(options: SoakOptions): Promise<boolean> {
  const { seed, schedules, log, progress } = options;
  const startedAt = performance.now();
  const counts: Counts[] = [];
  const seconds = () => (performance.now() - startedAt) / 1000;
  // Explaining what went wrong takes its time, too, and is no part of the rate.
  let ranFor = 0;
  const timer = setInterval(() => progress(`${tally(counts)}, ${rate(counts, seconds())}`), PROGRESS_MS);
  const share = Math.ceil(schedules / WORKERS);
  const workers: ChildProcess[] = [];
  try {
    const ends = await Promise.all(
      Array.from({ length: Math.min(WORKERS, schedules) }, (_, index) => {
        const task = {
          redisUrl: options.redisUrl,
          fault: options.fault,
          seed: seed + index * share,
          schedules: Math.min(share, schedules - index * share),
        };
        const worker = startWorker();
        workers.push(worker);
        return runWorker(worker, task, (each) => {
          counts[index] = each;
          ranFor = seconds();
        });
      }),
    );
    const interleavings = new Set(ends.flatMap((end) => [...end.interleavings]));
    const steps = ends.reduce((sum, end) => sum + end.steps, 0);
    const [strays, failedSeeds, explained] = [
      ends.flatMap((end) => end.strays),
      ends.flatMap((end) => end.failedSeeds),
      ends.flatMap((end) => end.explained),
    ];
    for (const text of explained) log(`\n${text}\n`);
    log(`seeds ${seed} to ${seed + schedules - 1}: ${tally(counts)}`);
    log(`${show(interleavings.size)} different orders of the commands at Redis, ${show(steps)} steps`);
    log(`${ranFor.toFixed(0)} s on ${ends.length} processes, ${rate(counts, ranFor)}`);
    if (failedSeeds.length > 0) log(`seeds that failed (the first): ${failedSeeds.join(', ')}`);
    if (strays.length > 0) log(`keys of unknown names were left: ${strays.slice(0, 5).join(', ')}`);
    return failedSeeds.length === 0 && strays.length === 0;
  } finally {
    clearInterval(timer);
    // When one has failed, the others would go on for nobody.
    for (const worker of workers) worker.kill();
  }
}

/** Runs one schedule and prints it step by step. @returns whether nothing was wrong */
export async function replay({ redisUrl, seed, fault, log }: SoakOptions): Promise<boolean> {
  return withWire(redisUrl, async (run) => {
    const plan = makePlan(seed);
    const verdict = await run(plan, seed, fault);
    if (verdict.violation === undefined) {
      log(verdict.transcript.print(plan.processes));
      log(
        `\nSeed ${seed}: ${verdict.readsChecked} reads checked in ${verdict.steps} steps; nothing is wrong.`,
      );
      return true;
    }
    log(await explain(run, verdict, fault));
    return false;
  });
}

function startWorker(): ChildProcess {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const program = fileURLToPath(new URL('soak-worker.ts', import.meta.url));
  return fork(program, { execArgv: ['--import', loader], serialization: 'advanced' });
}

function runWorker(worker: ChildProcess, task: ToWorker, onCounts: (counts: Counts) => void): Promise<End> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'end') resolve(message);
      else onCounts(message.counts);
    });
    worker.once('error', reject);
    worker.once('exit', (code, signal) => reject(new Error(`A worker ended early (${signal ?? code}).`)));
    worker.send(task);
  });
}

function tally(counts: readonly Counts[]): string {
  const sum = (of: keyof Counts) => show(counts.reduce((total, each) => total + each[of], 0));
  return `${sum('done')} schedules, ${sum('readsChecked')} reads checked, ${sum('stale')} stale, ${sum('failed')} schedules failed`;
}

function rate(counts: readonly Counts[], seconds: number): string {
  return `${show(Math.round(counts.reduce((total, { done }) => total + done, 0) / seconds))} schedules a second`;
}

function show(count: number): string {
  return count.toLocaleString('en-US');
}
