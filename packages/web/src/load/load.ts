import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Worker } from 'node:worker_threads';
import { quantile } from '@workshop/cache';
import { BadParameterError } from '../errors.ts';
import type { CallersOptions, Tally } from './callers.ts';
import type { WorkerMessage } from './load-worker.ts';
import type { LoadPlan } from './plan.ts';
import type { LoadProgress, LoadState } from './state.ts';
import { IDLE } from './state.ts';

/** A run that has not said it is over so long after its time is ended, in milliseconds. */
const OVERTIME_MS = 10_000;

export interface LoadOptions {
  /** This server's own address, such as `http://127.0.0.1:8008`; asked at each start, since the port may not be known before. */
  readonly url: () => string;
  /** True when only `/query_cache` is what the visitor wants to see, as with a learner's store. */
  readonly cacheOnly?: boolean | undefined;
  /** What tells this server's own load from visitors. Processes behind one port need the same. Default: made at random. */
  readonly token?: string | undefined;
  /** Told of each change, twice a second while a run is under way. */
  readonly onChange?: ((state: LoadState) => void) | undefined;
  /** Told when the generator itself fails. Default: a process warning. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A bounded load generator against this very server, one run at a time. */
export class Load {
  readonly cacheOnly: boolean;
  readonly #url: () => string;
  readonly #token: string;
  readonly #onChange: ((state: LoadState) => void) | undefined;
  readonly #onError: (error: unknown) => void;
  #state = IDLE;
  #worker: Worker | undefined;
  #ended: Promise<void> = Promise.resolve();
  #wasStopped = false;
  #isClosed = false;

  constructor({ url, cacheOnly = false, token = randomBytes(12).toString('hex'), ...told }: LoadOptions) {
    this.cacheOnly = cacheOnly;
    this.#url = url;
    this.#token = token;
    this.#onChange = told.onChange;
    this.#onError = told.onError ?? ((error) => process.emitWarning(`The load failed: ${String(error)}`));
  }

  get state(): LoadState {
    return this.#state;
  }

  /** Resolves when no run is under way. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Whether a request comes from a run of this server: a rate limit is for others. */
  isOwn(request: IncomingMessage): boolean {
    return request.headers[HEADER] === this.#token;
  }

  /** Begins a run; false when one is under way, or the server is closing. Throws `BadParameterError`. */
  start(plan: LoadPlan): boolean {
    if (this.cacheOnly && plan.mysqlShare > 0)
      throw new BadParameterError('mysqlShare', 'must be 0 here, where only the cache is asked');
    if (this.#worker !== undefined || this.#isClosed) return false;
    const headers = { [HEADER]: this.#token, 'accept-encoding': 'gzip, br' };
    const worker = startWorker({ url: this.#url(), plan, headers });
    this.#worker = worker;
    this.#wasStopped = false;
    this.#change({ phase: 'running', plan, progress: null });
    this.#ended = this.#follow(worker, plan);
    return true;
  }

  /** Ends the run that is under way, if there is one. */
  stop(): void {
    if (this.#worker === undefined) return;
    this.#wasStopped = true;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#worker.postMessage('stop');
  }

  /** Ends the run at once. No other can be started. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wasStopped = true;
    await this.#worker?.terminate();
    await this.#ended;
  }

  async #follow(worker: Worker, plan: LoadPlan): Promise<void> {
    let isOver = false;
    worker.on('message', (message: WorkerMessage) => {
      isOver = message.isOver;
      if (!isOver) this.#change({ phase: 'running', plan, progress: progressOf(message.tally) });
      else
        this.#change({ phase: this.#phase(plan, message.tally), plan, progress: progressOf(message.tally) });
    });
    // The end of the thread follows.
    worker.on('error', (error) => this.#onError(error));
    const overtime = setTimeout(() => void worker.terminate(), plan.seconds * 1_000 + OVERTIME_MS);
    await new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    clearTimeout(overtime);
    this.#worker = undefined;
    if (!isOver) this.#change({ ...this.#state, phase: this.#wasStopped ? 'stopped' : 'broken' });
  }

  /** A run that had all its answers is done, even if somebody asked it to stop at that moment. */
  #phase(plan: LoadPlan, { answered }: Tally): LoadState['phase'] {
    return this.#wasStopped && answered < plan.requests ? 'stopped' : 'done';
  }

  #change(state: LoadState): void {
    this.#state = state;
    this.#onChange?.(state);
  }
}

const HEADER = 'workshop-load';

/** From the sources it is TypeScript, which needs a door; a bundle has it as a program of its own, beside itself. */
const PROGRAM = import.meta.url.endsWith('.ts') ? './load-worker.mjs' : './load-worker.js';

function startWorker(workerData: CallersOptions): Worker {
  return new Worker(new URL(PROGRAM, import.meta.url), {
    workerData,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
}

function progressOf({ seconds, answered, failed, statuses, bytes, latency }: Tally): LoadProgress {
  const at = (q: number) => quantile(latency, q) ?? null;
  const perSecond = seconds > 0 ? answered / seconds : 0;
  return {
    seconds,
    answered,
    failed,
    statuses,
    bytes,
    perSecond,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
  };
}
