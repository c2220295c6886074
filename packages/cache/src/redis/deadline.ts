/**
 * Settles as `work` does, or, once `limitMs` have passed, as `late()` does, which may return or throw. `work` itself
 * is not stopped; how it ends after that is nobody's concern here.
 *
 * When it was this process that was busy, the reply may already lie in the socket as the timer fires. Node runs
 * timers before it reads sockets, and immediates after, so the verdict waits for one immediate: a stalled event
 * loop is not taken for a slow Redis.
 */
export function withDeadline<T>(work: Promise<T>, limitMs: number, late: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    let settled = false;
    const timer = setTimeout(() => setImmediate(expire), limitMs);

    function expire() {
      if (settled) return;
      try {
        resolve(late());
      } catch (error) {
        reject(error);
      }
    }

    function settle(act: () => void) {
      settled = true;
      clearTimeout(timer);
      act();
    }

    work.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
  });
}
