export type Operation = 'search' | 'byId' | 'readers';

/** `error`: Redis could not say, so MySQL was asked. It is no hit, and no miss of the cache's either. */
export type Outcome = 'hit' | 'miss' | 'error';

/** Told of all that the cache does. */
export interface Watch {
  /** A read, from the call to the answer. */
  read(operation: Operation, outcome: Outcome, seconds: number): void;
  /** A query that was sent to MySQL. */
  load(operation: Operation, seconds: number, failed: boolean): void;
}

/** Runs `work`, and then tells how many seconds it took, whether it failed or not. */
export async function timed<T>(
  work: () => Promise<T>,
  tell: (seconds: number, failed: boolean) => void,
): Promise<T> {
  const startedAt = performance.now();
  let failed = true;
  try {
    const value = await work();
    failed = false;
    return value;
  } finally {
    tell((performance.now() - startedAt) / 1_000, failed);
  }
}
