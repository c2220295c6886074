import type { Change } from './change.ts';

/**
 * What makes the starter of a lab from the solution of the lab before. `make-starters.ts` writes it down, and `test/`
 * holds the starter to it: whoever joins at this lab, or did the last one another way, has missed nothing.
 */
export interface Gaps {
  /** The lab whose solution is before this one, "07-outage". Default: the lab before. */
  after?: string;
  /** Of the files of the solution before. */
  change: Change[];
  /** Files of the starter that the solution before does not have. They are written by hand. */
  added?: string[];
}

export function gaps(definition: Gaps): Gaps {
  return definition;
}
