import type { Lab } from '../lab.ts';
import type { CheckVerdict, Verdict } from '../verdict.ts';
import { painter, wrap, type Look } from './style.ts';
import { swimlanes } from './swimlanes.ts';

const indent = ' '.repeat(8);
const label = 10;

export function heading(lab: Pick<Lab, 'id' | 'title'>, look: Look): string {
  return painter(look)('bold', `Lab ${lab.id}  ${lab.title}`);
}

/** One check in a line: the word says what the colour says. */
export function checkLine(check: CheckVerdict, look: Look): string {
  const paint = painter(look);
  if (check.passed) return `  ${paint('green', 'PASS')}  ${check.title}`;
  if (check.skipped) return `  ${paint('dim', 'SKIP')}  ${paint('dim', check.title)}`;
  return `  ${paint('red', 'FAIL')}  ${paint('bold', check.title)}`;
}

/** What a failing check has to say: what was seen, what it leads to, where to look, in that order. */
export function failure(check: CheckVerdict, look: Look): string {
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

/** The whole verdict. Only the first failure is told in full: mending it often mends the rest. */
export function report(
  lab: Pick<Lab, 'id' | 'title'>,
  verdict: Verdict,
  look: Look,
  options: { transcript?: boolean } = {},
): string {
  const paint = painter(look);
  const first = verdict.checks.find((check) => !check.passed);
  const lines = [heading(lab, look), ''];
  for (const check of verdict.checks) {
    lines.push(checkLine(check, look));
    if (check === first) lines.push(failure(check, look));
    else if (!check.passed && !check.skipped)
      lines.push(...wrap(check.observed, look.width - 8).map((line) => indent + line));
    const wanted = options.transcript || check === first;
    const seen = wanted ? verdict.transcript.filter((line) => line.check === check.id) : [];
    if (seen.length > 0) lines.push('', swimlanes(seen, look), '');
  }
  const passed = verdict.checks.filter((check) => check.passed).length;
  const seconds = (verdict.durationMs / 1000).toFixed(1);
  const summary = `${passed} of ${verdict.checks.length} checks pass (${seconds} s)`;
  lines.push(
    '',
    verdict.passed ? paint('green', `Lab ${lab.id} is done: ${summary}.`) : paint('bold', `${summary}.`),
  );
  return lines.join('\n');
}

function lastLines(text: string, most: number): string {
  return text.trimEnd().split('\n').slice(-most).join('\n');
}
