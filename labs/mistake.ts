import type { Change } from './change.ts';

/**
 * A wrong solution that people really write: the right one with a change, so that nothing but the mistake differs
 * and a change of the solution can't leave it behind. `test/` holds each to being caught, by name and in words.
 */
export interface Mistake {
  /** What somebody was thinking, a sentence. */
  story: string;
  /** The id of the check that must catch it, and before which none of the lab's fails. */
  caughtBy: string;
  /** The name that the verdict must give it. */
  named: string;
  /** Words that must stand in what was seen. */
  says: string[];
  /** Of the solution's files. */
  change: Change[];
}

export function mistake(definition: Mistake): Mistake {
  return definition;
}
