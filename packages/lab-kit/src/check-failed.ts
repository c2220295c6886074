/** Details that turn "it failed" into something to learn from. All but `observed` are optional. */
export interface FailureDetails {
  /** The known mistake this is, by its short name. */
  mistake?: string;
  /** What it leads to in production, a sentence. */
  leadsTo?: string;
  /** In place of the check's own, where this case expects something more exact. */
  expected?: string;
  /** In place of the check's own. */
  hint?: string;
}

/** Thrown by a check: what was seen is not what the lab asks for. */
export class CheckFailed extends Error {
  override name = 'CheckFailed';
  readonly details: FailureDetails;

  constructor(observed: string, details: FailureDetails = {}) {
    super(observed);
    this.details = details;
  }
}

/** Ends a check: this is what was seen, and it is not what the lab asks for. */
export function fail(observed: string, details: FailureDetails = {}): never {
  throw new CheckFailed(observed, details);
}
