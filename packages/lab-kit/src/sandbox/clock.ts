// The clock and the timers of the learner's process. They run as the machine's do, until the checks let time pass:
// then the clock is ahead, and timers due by it fire. Paced, the clock waits for the checks' word to go on: so that a
// time-out tells a store that does not answer from a machine that is busy. Installed before anything that could have
// kept the originals.
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

/** How long a paced clock runs on its own after each word, ms. */
const windowMs = 20;
/** Code that asks for the time so often meanwhile waits for it to pass: then it does. */
const mostReads = 10_000;
let isPaced = false;
/** The time of the last word, by this clock and by the machine's. Before the first: of the start. */
let toldAt = 0;
let machineToldAt = 0;
let reads = 0;
/** The date when this clock showed 0, once it is paced. */
let todayAtZero = 0;

/** How long this process has been there, without the time that was passed by the checks, ms. */
export function elapsed(): number {
  const since = machine.now() - machineToldAt;
  if (!isPaced || since < windowMs) return toldAt + since;
  if (++reads > mostReads) {
    reads = 0;
    toldAt += 1;
  }
  return toldAt + windowMs;
}

const now = () => elapsed() + aheadMs;

/** The window begins anew; timers due in it have the machine's wait for them. */
function moveOn(): void {
  toldAt = elapsed();
  machineToldAt = machine.now();
  reads = 0;
  const reach = isPaced ? now() + windowMs : Infinity;
  for (const timer of running) if (timer.dueAt <= reach) timer.wait();
}

/** From now on the clock needs a word to go on: `goOn`. */
export function pace(): void {
  moveOn();
  todayAtZero = today() - now();
  isPaced = true;
}

/** The clock runs as the machine's again. */
export function unpace(): void {
  moveOn();
  isPaced = false;
  for (const timer of running) timer.wait();
}

/** @returns how long this process has been there by its clock, but for what the checks let pass, ms */
export function goOn(): number {
  if (isPaced) moveOn();
  return elapsed();
}

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

  /** Has the machine's timer wait for what is left by our clock; paced, the next words are waited for first. */
  wait(): void {
    machine.clearTimeout(this.#native);
    const leftMs = this.dueAt - now();
    if (isPaced && leftMs > windowMs) return;
    // The machine's rounds down, and would fire before the time.
    this.#native = machine.setTimeout(() => this.#whenDue(), Math.ceil(leftMs));
    if (!this.#hasRef) this.#native.unref();
  }

  #whenDue(): void {
    // Less than a ms early, as any timer may be. Else our clock has stood still: the next word sets it again.
    if (this.dueAt - now() < 1) this.fire();
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
  while (next && next.dueAt <= elapsed() + wanted) {
    aheadMs = Math.min(wanted, Math.max(aheadMs, next.dueAt - elapsed()));
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

/** Paced, it goes by the same steps as the rest; else it follows what happens to the machine's, whose lid may be closed. */
function today(): number {
  const moved = isPaced ? todayAtZero + now() : machine.today() + toldAt - machineToldAt + aheadMs;
  return Math.trunc(moved);
}

/** What the high resolution clock shows when ours shows 0, ns. */
const hrtimeAtZero = machine.hrtime.bigint() - BigInt(Math.round(machine.now() * 1e6));
const hrtimeNs = () => hrtimeAtZero + BigInt(Math.round(now() * 1e6));

function hrtime(since?: [number, number]): [number, number] {
  const from = since ? BigInt(since[0]) * 1_000_000_000n + BigInt(since[1]) : 0n;
  const total = hrtimeNs() - from;
  return [Number(total / 1_000_000_000n), Number(total % 1_000_000_000n)];
}

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
  Date.now = today;
  const OurDate = new Proxy(Date, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [Date.now()] : args, newTarget) as Date,
    apply: () => new Date().toString(),
  });
  Reflect.set(Date.prototype, 'constructor', OurDate);
  Object.defineProperty(globalThis, 'Date', { value: OurDate, enumerable: false });
  Object.defineProperty(performance, 'now', { value: now, configurable: true, writable: true });
  process.hrtime = Object.assign(hrtime, { bigint: hrtimeNs });
  syncBuiltinESMExports();
}
