/** What went wrong, for code; `message` says it, and what to do, for people. */
export type EngineErrorCode =
  | 'settings'
  | 'unreachable'
  | 'access-denied'
  | 'no-engine'
  | 'install-failed'
  | 'port-taken'
  | 'disk-full'
  | 'other-brand'
  | 'start-failed'
  | 'stop-failed'
  | 'locked'
  | 'docker'
  | 'folder';

/**
 * Anything that keeps an engine from being up, down or looked at. The message is one clear line that names
 * the thing and says what to do about it.
 */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options?.cause === undefined ? undefined : { cause: withoutSecrets(options.cause) });
    this.code = code;
  }
}

/**
 * A database client hangs the command that failed, password and all, on its error, and a printed `cause`
 * would show it. Only what says why is kept.
 */
export function withoutSecrets(cause: unknown): Error {
  if (!(cause instanceof Error)) return new Error('not an Error was thrown');
  const kept = new Error(cause.message);
  kept.name = cause.name;
  return 'code' in cause && typeof cause.code === 'string' ? Object.assign(kept, { code: cause.code }) : kept;
}
