/** A Redis that is this demo's alone, on this machine, and that may be broken: whatever can do this can be shown to break. */
export interface BreakableRedis {
  /** One command, on a connection of its own. Rejects with what Redis says, or when it does not answer within seconds. */
  ask(...words: [string, ...(string | number)[]]): Promise<unknown>;
  /** Sends its process a signal. After SIGKILL, resolves once it has ended. False when no process runs. */
  kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<boolean>;
  /** Starts it where it was, as it was configured, and empty; kills it first if it runs. Resolves once it serves. */
  restart(): Promise<void>;
  /** Writes keys named `filler:…` until it uses more memory than it may. */
  fill(): Promise<void>;
}
