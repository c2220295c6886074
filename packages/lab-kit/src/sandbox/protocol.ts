/** What the checks and the learner's process say to each other, over Node's IPC channel with structured clone. */

export interface StoreOptions {
  mysqlUrl: string;
  redisUrl: string;
}

/** What a process needs to come to a store. */
export interface Opening {
  /** URL of the learner's file, as it is to be imported. */
  url: string;
  /** URL of a module like `Harness` that makes the store. Default: the learner's file does. */
  harness?: string;
  /** How far its clock is ahead of the machine's, ms. */
  aheadMs: number;
  /** Its clock waits for the word to go on: `tick`. */
  paced: boolean;
  options: StoreOptions;
}

/** Stands between the checks and a learner's work that is no store. */
export interface Harness {
  /**
   * @param url of the learner's file, to be imported
   * @returns the object whose functions the checks call
   * @throws what is then said to have kept the file from being loaded
   */
  open(url: string, options: StoreOptions): Promise<object>;
}

export type Request =
  | ({ id: number; op: 'open' } & Opening)
  | { id: number; op: 'call'; method: string; args: readonly unknown[] }
  /** The answer comes when all that was there before is done: how long it is until the next timer, ms. */
  | { id: number; op: 'ping' }
  /** The clock goes on, unless something is under way. The answer: how long the process has been there by it, ms. */
  | { id: number; op: 'tick'; goesOn: boolean }
  /** Time passes. */
  | { id: number; op: 'advance'; ms: number }
  | { id: number; op: 'finish' };

/** An error of the learner's code, as far as it can be carried over. */
export interface RemoteError {
  name: string;
  message: string;
  stack: string;
  code?: string | number;
}

export type Response =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; error: RemoteError; phase: 'import' | 'shape' | 'run' };

export function isResponse(message: unknown): message is Response {
  if (typeof message !== 'object' || message === null) return false;
  const { id, ok, error } = message as { id?: unknown; ok?: unknown; error?: Partial<RemoteError> };
  if (typeof id !== 'number') return false;
  return (
    ok === true || (ok === false && typeof error?.message === 'string' && typeof error.stack === 'string')
  );
}
