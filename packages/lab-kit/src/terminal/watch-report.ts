import type { TranscriptLine } from '../transcript.ts';
import type { CheckVerdict, Verdict } from '../verdict.ts';
import { Report, type ReportOptions } from './report.ts';
import { painter, type Look } from './style.ts';

/** The verdicts of one run after the other: the first in full, then only what a save has changed. */
export class WatchReport {
  readonly #lab: ReportOptions['lab'];
  readonly #known = new Map<string, CheckVerdict>();
  #report: Report;
  /** The check that failed first in this run, and in the one before. */
  #firstFailure: string | undefined;
  #previousFirst: string | undefined;
  #isFirstRun = true;
  #changes = 0;

  constructor(lab: ReportOptions['lab'], look: Look) {
    this.#lab = lab;
    this.#report = new Report({ lab, look });
  }

  /** @param look anew for each run, since windows are resized */
  begin(look: Look, now: Date): string {
    this.#report = new Report({ lab: this.#lab, look });
    this.#changes = 0;
    // The run before may have been broken off.
    this.#firstFailure = undefined;
    if (this.#isFirstRun) return this.#report.heading();
    const time = now.toTimeString().slice(0, 8);
    return look.plain
      ? `Lab ${this.#lab.id} at ${time}.`
      : painter(look)('dim', `\n--- ${time} ${'-'.repeat(look.width - 13)}`);
  }

  /** @returns what to print of it; undefined when it is as it was */
  check(check: CheckVerdict, lines: readonly TranscriptLine[]): string | undefined {
    const isFirstFailure = !check.passed && this.#firstFailure === undefined;
    const text = this.#report.check(check, lines);
    const before = this.#known.get(check.id);
    if (isFirstFailure) this.#firstFailure = check.id;
    // What was not run says nothing new of the check.
    if (!check.skipped) this.#known.set(check.id, check);
    if (this.#isFirstRun) return text;
    const isNewFirst = isFirstFailure && this.#previousFirst !== check.id;
    if (check.skipped || (isSame(before, check) && !isNewFirst)) return undefined;
    this.#changes += 1;
    return text;
  }

  end(verdict: Verdict): string {
    const skipped = verdict.checks.filter((check) => check.skipped).length;
    const first = verdict.checks.find((check) => !check.passed);
    const lines = [];
    if (!this.#isFirstRun && skipped > 0)
      lines.push(skipped === 1 ? '1 check was not run.' : `${skipped} checks were not run.`);
    if (!this.#isFirstRun && this.#changes === 0 && first) lines.push('As before.');
    this.#previousFirst = this.#firstFailure;
    this.#isFirstRun = false;
    return [...lines.map((line) => `\n${line}`), this.#report.summary(verdict)].join('');
  }
}

function isSame(before: CheckVerdict | undefined, now: CheckVerdict): boolean {
  return before?.passed === now.passed && before.observed === now.observed;
}
