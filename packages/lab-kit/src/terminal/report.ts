import type { Lab } from '../lab.ts';
import type { TranscriptLine } from '../transcript.ts';
import type { CheckVerdict, Verdict } from '../verdict.ts';
import { painter, type Look } from './style.ts';
import { swimlanes } from './swimlanes.ts';
import { printable, wrap } from './text.ts';

const indent = ' '.repeat(8);
const label = 10;
/** Of what the learner's code printed, the last lines. */
const printedLines = 12;

export interface ReportOptions {
  lab: Pick<Lab, 'id' | 'title' | 'harness'>;
  look: Look;
  /** Show what reached the stores for every check, not only for the first failure. */
  transcript?: boolean;
}

/**
 * A verdict in parts, as they become known. Only the first failure is told in full: mending it often mends the rest.
 */
export class Report {
  readonly #options: ReportOptions;
  #failed = false;

  constructor(options: ReportOptions) {
    this.#options = options;
  }

  heading(): string {
    const { lab, look } = this.#options;
    return `${painter(look)('bold', `Lab ${lab.id}  ${lab.title}`)}\n`;
  }

  /** @param lines the transcript of this check */
  check(check: CheckVerdict, lines: readonly TranscriptLine[]): string {
    const { lab, look, transcript } = this.#options;
    const isFirstFailure = !check.passed && !this.#failed;
    this.#failed ||= !check.passed;
    const parts = [checkLine(check, look)];
    if (isFirstFailure) parts.push(...failure(check, look));
    else if (!check.passed && !check.skipped) parts.push(...observed(check, look));
    // Work that is no store sends nothing to one.
    if (lab.harness === undefined && lines.length > 0 && (transcript || isFirstFailure)) {
      const lanes = swimlanes(lines, look);
      parts.push(...(look.plain ? [lanes] : ['', lanes, '']));
    }
    return parts.join('\n');
  }

  summary({ checks, durationMs, passed }: Verdict): string {
    const { lab, look } = this.#options;
    const good = checks.filter((check) => check.passed).length;
    const text = `${good} of ${checks.length} checks pass (${(durationMs / 1000).toFixed(1)} s)`;
    const paint = painter(look);
    if (passed) return `\n${paint('green', `Lab ${lab.id} is done: ${text}.`)}`;
    const first = checks.find((check) => !check.passed);
    // What it says has scrolled away in a small terminal.
    const mend = first ? [`First to mend: ${printable(first.title, look.unicode)}.`] : [];
    const lines = look.plain ? mend : mend.flatMap((line) => wrap(line, look.width));
    return `\n${[paint('bold', `${text}.`), ...lines].join('\n')}`;
  }
}

/** One check in a line: the word says what the colour says. */
export function checkLine(check: CheckVerdict, look: Look): string {
  const paint = painter(look);
  const title = printable(check.title, look.unicode);
  if (look.plain) return `${check.passed ? 'Passed' : check.skipped ? 'Not run' : 'Failed'}: ${title}.`;
  const lines = wrap(title, look.width - indent.length).join(`\n${indent}`);
  if (check.passed) return `  ${paint('green', 'PASS')}  ${lines}`;
  if (check.skipped) return `  ${paint('dim', 'SKIP')}  ${paint('dim', lines)}`;
  return `  ${paint('red', 'FAIL')}  ${paint('bold', lines)}`;
}

/** What a failing check has to say: what was seen, what it leads to, where to look, in that order. */
function failure(check: CheckVerdict, look: Look): string[] {
  const field = (name: string, text: string | undefined): string[] => {
    if (!text) return [];
    const clean = printable(text, look.unicode);
    if (look.plain) return [`${name[0]?.toUpperCase()}${name.slice(1)}: ${clean}`];
    const lines = wrap(clean, look.width - indent.length - label);
    const head = painter(look)('dim', name.padEnd(label));
    return lines.map((line, n) => `${indent}${n === 0 ? head : ' '.repeat(label)}${line}`);
  };
  return [
    ...field('seen', check.observed),
    ...field('expected', check.expected),
    ...field('mistake', check.mistake?.replaceAll('-', ' ')),
    ...field('leads to', check.leadsTo),
    ...field('look at', check.hint),
    ...field('printed', check.output?.trimEnd().split('\n').slice(-printedLines).join('\n')),
  ];
}

/** What was seen, for a failure that is told in short. */
export function observed(check: CheckVerdict, look: Look): string[] {
  const clean = printable(check.observed, look.unicode);
  return look.plain
    ? [`Seen: ${clean}`]
    : wrap(clean, look.width - indent.length).map((line) => indent + line);
}
