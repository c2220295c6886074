/**
 * A wrong solution that people really write: the right one with a change, so that nothing but the mistake differs
 * and a change of the solution can't leave it behind. `test/` holds each to being caught, by name and in words.
 */
export interface Mistake {
  /** What somebody was thinking, a sentence. */
  story: string;
  /** The id of the check that must be the first to fail. */
  caughtBy: string;
  /** The name that the verdict must give it. */
  named: string;
  /** Words that must stand in what was seen. */
  says: string[];
  /** [text of the solution, found exactly once; what stands there instead] */
  change: [string, string][];
}

export function mistake(definition: Mistake): Mistake {
  return definition;
}

/** @throws when a text to be replaced is not in the solution exactly once */
export function applyMistake(solution: string, { change }: Mistake): string {
  return change.reduce((source, [find, replacement]) => {
    const parts = source.split(find);
    if (parts.length !== 2)
      throw new Error(`found ${parts.length - 1} times in the solution, expected once: ${find}`);
    return parts.join(replacement);
  }, solution);
}
