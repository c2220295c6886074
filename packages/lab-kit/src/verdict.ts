import type { TranscriptLine } from './transcript.ts';

/** What verify says of one check. */
export interface CheckVerdict {
  id: string;
  title: string;
  passed: boolean;
  expected: string;
  /** What was seen. */
  observed: string;
  hint: string;
  /** The known mistake, by its short name, where the check could tell. */
  mistake?: string;
  /** What the mistake leads to in production. */
  leadsTo?: string;
  /** Not run, since the learner's code could not be loaded or kept ending before. Never `passed`. */
  skipped?: true;
  /** What the learner's code printed meanwhile, where that may explain a failure. */
  output?: string;
}

/** What verify says of a lab, and prints with `--json`. */
export interface Verdict {
  /** "02" */
  lab: string;
  passed: boolean;
  durationMs: number;
  checks: CheckVerdict[];
  /** What reached MySQL and Redis, check by check. */
  transcript: TranscriptLine[];
}
