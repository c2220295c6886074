// The clock and the timers of the learner's process. They run as the machine's do, until the checks let time pass:
// then the clock is ahead, and timers due by it fire. Installed before anything that could have kept the originals.
import { AsyncResource } from 'node:async_hooks';
import { syncBuiltinESMExports } from 'node:module';
import { performance } from 'node:perf_hooks';
import timers from 'node:timers';
import promises from 'node:timers/promises';
import { promisify } from 'node:util';
import { promiseTimers } from './promise-timers.ts';

const machine = {
  setTimeout,
  clearTimeout,
  setImmediate,
  today: Date.now,
  now: performance.now.bind(performance),
  hrtime: process.hrtime,
};
let aheadMs = 0;
const now = () => machine.now() + aheadMs;

type Callback = (...args: unknown[]) => void;

/** The longest delay a timer can have; what is longer, or no number, becomes 1 ms. */
const longestMs = 2 ** 31 - 1;
const running = new Set<Timeout>();
const byNumber = new Map<number, Timeout>();
let numbers = 0;

/** As Node's own, which can't be told that it is due. */
class Timeout {
  readonly #fire: () => void;
  readonly #delayMs: number;
  readonly #repeats: boolean;
  #native: NodeJS.Timeout | undefined;
  #hasRef = true;
  #number: number | undefined;
  dueAt = 0;

  constructor(callback: Callback, delayMs: unknown, args: unknown[], repeats: boolean) {
    const delay = Math.trunc(Number(delayMs));
    this.#delayMs = delay >= 1 && delay <= longestMs ? delay : 1;
    this.#repeats = repeats;
    // What was around when it was set is around when it fires: AsyncLocalStorage goes by that.
    const resource = new AsyncResource(repeats ? 'Interval' : 'Timeout');
    this.#fire = () => resource.runInAsyncScope(callback, this, ...args);
    this.refresh();
  }

  refresh(): this {
    this.dueAt = now() + this.#delayMs;
    running.add(this);
    this.wait();
    return this;
  }

  /** Has the machine's timer wait for what is left by our clock. */
  wait(): void {
    machine.clearTimeout(this.#native);
    // The machine's rounds down, and would fire before the time.
    this.#native = machine.setTimeout(() => this.fire(), Math.ceil(this.dueAt - now()));
    if (!this.#hasRef) this.#native.unref();
  }

  fire(): void {
    if (!running.has(this)) return;
    if (!this.#repeats) this.close();
    try {
      this.#fire();
    } finally {
      if (this.#repeats && running.has(this)) this.refresh();
    }
  }

  close(): this {
    machine.clearTimeout(this.#native);
    running.delete(this);
    if (this.#number !== undefined) byNumber.delete(this.#number);
    return this;
  }

  ref(): this {
    this.#hasRef = true;
    this.#native?.ref();
    return this;
  }

  unref(): this {
    this.#hasRef = false;
    this.#native?.unref();
    return this;
  }

  hasRef(): boolean {
    return this.#hasRef;
  }

  [Symbol.toPrimitive](): number {
    this.#number ??= ++numbers;
    byNumber.set(this.#number, this);
    return this.#number;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function timerMaker(repeats: boolean) {
  return (callback: Callback, delayMs?: unknown, ...args: unknown[]) => {
    // Says what Node says of what is no function.
    if (typeof callback !== 'function') return machine.setTimeout(callback);
    return new Timeout(callback, delayMs, args, repeats);
  };
}

function clear(timer: unknown): void {
  const isNumber = typeof timer === 'number' || typeof timer === 'string';
  const ours = isNumber ? byNumber.get(Number(timer)) : timer instanceof Timeout && timer;
  if (ours) ours.close();
  else machine.clearTimeout(timer as NodeJS.Timeout);
}

const firstDue = () =>
  [...running].reduce<Timeout | undefined>((a, b) => (a && a.dueAt <= b.dueAt ? a : b), undefined);

/** How long it is until the next timer, ms; Infinity when there is none. */
export function untilNextTimer(): number {
  const next = firstDue();
  return next ? Math.max(0, next.dueAt - now()) : Infinity;
}

/** Lets time pass: the clock moves on, from timer to timer, each of which has a turn of the event loop. */
export async function advance(ms: number): Promise<void> {
  const wanted = aheadMs + ms;
  let next = firstDue();
  while (next && next.dueAt <= machine.now() + wanted) {
    aheadMs = Math.min(wanted, Math.max(aheadMs, next.dueAt - machine.now()));
    const due = next;
    await new Promise<void>((resolve) => {
      // What it throws must end the process, as it would in a timer.
      machine.setImmediate(() => {
        machine.setImmediate(resolve);
        due.fire();
      });
    });
    next = firstDue();
  }
  aheadMs = wanted;
  for (const timer of running) timer.wait();
}

function hrtime(since?: [number, number]): [number, number] {
  const [seconds, nanoseconds] = machine.hrtime(since);
  const total = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds) + aheadNs();
  return [Number(total / 1_000_000_000n), Number(total % 1_000_000_000n)];
}

const aheadNs = () => BigInt(Math.round(aheadMs * 1e6));

/** Puts all of it in the place of Node's own. */
export function installClock(): void {
  const ours = {
    setTimeout: timerMaker(false),
    setInterval: timerMaker(true),
    clearTimeout: clear,
    clearInterval: clear,
  };
  const { wait, abortSignalTimeout, ...promised } = promiseTimers(ours);
  Object.defineProperty(ours.setTimeout, promisify.custom, { value: promised.setTimeout });
  Object.assign(globalThis, ours);
  Object.assign(timers, ours);
  Object.assign(promises, promised);
  Object.assign(promises.scheduler, { wait });
  AbortSignal.timeout = abortSignalTimeout;
  Date.now = () => Math.trunc(machine.today() + aheadMs);
  const OurDate = new Proxy(Date, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [Date.now()] : args, newTarget) as Date,
    apply: () => new Date().toString(),
  });
  Reflect.set(Date.prototype, 'constructor', OurDate);
  Object.defineProperty(globalThis, 'Date', { value: OurDate, enumerable: false });
  Object.defineProperty(performance, 'now', { value: now, configurable: true, writable: true });
  process.hrtime = Object.assign(hrtime, { bigint: () => machine.hrtime.bigint() + aheadNs() });
  syncBuiltinESMExports();
}
