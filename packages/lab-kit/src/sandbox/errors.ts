import type { RemoteError } from './protocol.ts';

/** The learner's file could not be loaded: a syntax error, a missing import, an error at its top level, no export. */
export class LoadFailed extends Error {
  override name = 'LoadFailed';
}

/** A call rejected or threw. `remote` is the error as the learner's code made it. */
export class CallFailed extends Error {
  override name = 'CallFailed';
  readonly remote: RemoteError;

  constructor(call: string, remote: RemoteError) {
    super(`${call} failed with ${remote.name}: ${remote.message}`);
    this.remote = remote;
  }
}

/** A call did not settle within its limit. `blocked`: the event loop itself no longer turns. */
export class CallHung extends Error {
  override name = 'CallHung';
  readonly blocked: boolean;

  constructor(call: string, limitMs: number, blocked: boolean) {
    super(
      blocked
        ? `${call} did not return within ${limitMs / 1000} s, and the process answers nothing any more: a loop that does not end, or a call that blocks`
        : `${call} did not settle within ${limitMs / 1000} s: it awaits something that never comes`,
    );
    this.blocked = blocked;
  }
}

/** The learner's process ended while it was still needed. */
export class ProcessEnded extends Error {
  override name = 'ProcessEnded';
  /** What it last printed on stderr, for the report. */
  readonly output: string;

  constructor(during: string, how: string, output: string) {
    super(`the process ended during ${during} (${how})`);
    this.output = output;
  }
}
