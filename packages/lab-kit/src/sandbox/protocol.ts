/** What the checks and the learner's process say to each other, over Node's IPC channel with structured clone. */

export interface StoreOptions {
  mysqlUrl: string;
  redisUrl: string;
}

export type Request =
  | { id: number; op: 'open'; options: StoreOptions }
  | { id: number; op: 'call'; method: string; args: readonly unknown[] }
  | { id: number; op: 'ping' }
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
