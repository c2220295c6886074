import type { Check } from './lab.ts';
import type { CheckResult } from './run-check.ts';
import type { TranscriptLine } from './transcript.ts';
import type { CheckVerdict } from './verdict.ts';

/** How often a run goes on in a new process after the learner's code ended or blocked the last one. */
const maxLosses = 2;

/**
 * The verdict as if the checks had run one after the other, though they end in any order: each is told when those before
 * it are, and what ends a run early discards all that comes after it.
 */
export class VerdictInOrder {
  readonly checks: CheckVerdict[] = [];
  readonly transcript: TranscriptLine[] = [];
  readonly #checks: readonly Check[];
  readonly #untilFailure: boolean;
  readonly #onCheck: ((verdict: CheckVerdict, lines: readonly TranscriptLine[]) => void) | undefined;
  readonly #results = new Map<number, CheckResult>();
  #losses = 0;
  #stopped: string | undefined;

  constructor(
    checks: readonly Check[],
    untilFailure: boolean,
    onCheck: ((verdict: CheckVerdict, lines: readonly TranscriptLine[]) => void) | undefined,
  ) {
    this.#checks = checks;
    this.#untilFailure = untilFailure;
    this.#onCheck = onCheck;
  }

  /** Nothing more needs to be run. */
  get isStopped(): boolean {
    return this.#stopped !== undefined;
  }

  add(at: number, result: CheckResult): void {
    this.#results.set(at, result);
    for (let check = this.#next(); check; check = this.#next()) {
      const next = this.#results.get(this.checks.length);
      if (this.#stopped !== undefined) this.#tell(skipped(check, this.#stopped), []);
      else if (next) {
        this.#tell(next.verdict, next.lines);
        this.#stopped = this.#reasonToStop(next);
      } else return;
    }
  }

  #next(): Check | undefined {
    return this.#checks[this.checks.length];
  }

  #tell(verdict: CheckVerdict, lines: readonly TranscriptLine[]): void {
    this.checks.push(verdict);
    this.transcript.push(...lines);
    this.#onCheck?.(verdict, lines);
  }

  #reasonToStop({ verdict, lost, unusable }: CheckResult): string | undefined {
    if (this.#untilFailure && !verdict.passed) return 'not run: an earlier check failed';
    if (unusable) return 'not run: the file could not be loaded';
    if (lost && ++this.#losses > maxLosses)
      return `not run: the process was lost ${this.#losses} times before`;
    return undefined;
  }
}

function skipped({ id, title, expected, hint }: Check, observed: string): CheckVerdict {
  return { id, title, passed: false, expected, observed, hint, skipped: true };
}
