import promises from 'node:timers/promises';

interface Timer {
  unref(): unknown;
}

/** The timers to build on. */
export interface CallbackTimers {
  setTimeout(callback: () => void, delayMs?: unknown): Timer;
  clearTimeout(timer: unknown): void;
  setInterval(callback: () => void, delayMs?: unknown): Timer;
  clearInterval(timer: unknown): void;
}

interface Options {
  signal?: AbortSignal;
  ref?: boolean;
}

const native = promises.setTimeout;

/** Rejects with the error that Node's own reject with. */
async function abort(signal: AbortSignal): Promise<never> {
  await native(0, undefined, { signal });
  throw new Error('a signal that is aborted did not abort');
}

/** `node:timers/promises` anew, on timers that can be told that they are due. */
export function promiseTimers(timers: CallbackTimers) {
  async function setTimeout<T>(delayMs?: number, value?: T, options: Options = {}): Promise<T | undefined> {
    const { signal, ref = true } = options;
    let onAbort = () => {};
    let timer: Timer | undefined;
    if (signal?.aborted) return await abort(signal);
    await new Promise<void>((resolve) => {
      onAbort = () => resolve();
      signal?.addEventListener('abort', onAbort);
      timer = timers.setTimeout(resolve, delayMs);
      if (!ref) timer.unref();
    });
    timers.clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    return signal?.aborted ? await abort(signal) : value;
  }

  async function* setInterval<T>(delayMs?: number, value?: T, options: Options = {}) {
    const { signal, ref = true } = options;
    let due = 0;
    let wake = () => {};
    const onAbort = () => wake();
    signal?.addEventListener('abort', onAbort);
    const timer = timers.setInterval(() => {
      due += 1;
      wake();
    }, delayMs);
    if (!ref) timer.unref();
    try {
      for (;;) {
        if (signal?.aborted) await abort(signal);
        if (due === 0) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          continue;
        }
        due -= 1;
        yield value;
      }
    } finally {
      timers.clearInterval(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** As Node's: it does not keep the process alive. */
  function abortSignalTimeout(delayMs: number): AbortSignal {
    const controller = new AbortController();
    const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    timers.setTimeout(() => controller.abort(reason), delayMs).unref();
    return controller.signal;
  }

  const wait = async (delayMs: number, options?: Options) => await setTimeout(delayMs, undefined, options);
  return { setTimeout, setInterval, wait, abortSignalTimeout };
}
