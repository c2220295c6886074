import type { Lab } from '../lab.ts';
import type { TranscriptLine } from '../transcript.ts';
import type { CheckVerdict, Verdict } from '../verdict.ts';
import { painter, wrap, type Look } from './style.ts';
import { swimlanes } from './swimlanes.ts';

const indent = ' '.repeat(8);
const label = 10;

/** One check in a line: the word says what the colour says. */
function checkLine(check: CheckVerdict, look: Look): string {
  const paint = painter(look);
  if (check.passed) return `  ${paint('green', 'PASS')}  ${check.title}`;
  if (check.skipped) return `  ${paint('dim', 'SKIP')}  ${paint('dim', check.title)}`;
  return `  ${paint('red', 'FAIL')}  ${paint('bold', check.title)}`;
}

/** What a failing check has to say: what was seen, what it leads to, where to look, in that order. */
function failure(check: CheckVerdict, look: Look): string {
  const paint = painter(look);
  const field = (name: string, text: string | undefined) => {
    if (!text) return [];
    const [first = '', ...rest] = wrap(text, look.width - indent.length - label);
    return [
      `${indent}${paint('dim', name.padEnd(label))}${first}`,
      ...rest.map((line) => `${indent}${' '.repeat(label)}${line}`),
    ];
  };
  return [
    ...field('seen', check.observed),
    ...field('expected', check.expected),
    ...field('mistake', check.mistake?.replaceAll('-', ' ')),
    ...field('leads to', check.leadsTo),
    ...field('look at', check.hint),
    ...field('printed', check.output && lastLines(check.output, 12)),
  ].join('\n');
}

export interface ReportOptions {
  lab: Pick<Lab, 'id' | 'title'>;
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
    const { look, transcript } = this.#options;
    const isFirstFailure = !check.passed && !this.#failed;
    this.#failed ||= !check.passed;
    const parts = [checkLine(check, look)];
    if (isFirstFailure) parts.push(failure(check, look));
    else if (!check.passed && !check.skipped) {
      parts.push(...wrap(check.observed, look.width - indent.length).map((line) => indent + line));
    }
    if (lines.length > 0 && (transcript || isFirstFailure)) parts.push('', swimlanes(lines, look), '');
    return parts.join('\n');
  }

  summary({ checks, durationMs, passed }: Verdict): string {
    const { lab, look } = this.#options;
    const good = checks.filter((check) => check.passed).length;
    const text = `${good} of ${checks.length} checks pass (${(durationMs / 1000).toFixed(1)} s)`;
    const paint = painter(look);
    return `\n${passed ? paint('green', `Lab ${lab.id} is done: ${text}.`) : paint('bold', `${text}.`)}`;
  }
}

function lastLines(text: string, most: number): string {
  return text.trimEnd().split('\n').slice(-most).join('\n');
}
