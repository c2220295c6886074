import type { TranscriptLine } from '../transcript.ts';
import { eventSentences } from './event-sentences.ts';
import { runsOf, stepsOf, times, totals, type Run, type Step } from './steps.ts';
import { painter, type Look, type Paint } from './style.ts';
import { clip, padEnd, printable, textWidth, wrapAnywhere } from './text.ts';

const indent = 2;
const timeWidth = 8;
const separator = ' | ';
/** Below this two lanes have no room for a command each. */
const leastWidth = 60;
/** Requests and calls past this are shown as a count: the pattern is clear by then. */
const mostRows = 24;
/** Lines of a request's text when it is met first; the same text again takes one. */
const mostLines = 5;
/** A silence that says something, ms. */
const silenceMs = 500;

/**
 * Draws what reached the stores as two lanes, MySQL on the left and Redis on the right, with the learner's calls as
 * rules across both, each with what it came to. Under each request stands its reply, and how long that took.
 */
export function swimlanes(lines: readonly TranscriptLine[], look: Look): string {
  const fit = (text: string) => printable(text, look.unicode);
  const clean = lines.map((line) => ({
    ...line,
    request: fit(line.request),
    ...(line.reply === undefined ? {} : { reply: fit(line.reply) }),
  }));
  const steps = stepsOf(clean);
  if (look.plain || look.width < leastWidth) return eventSentences(steps, totals(clean), look);
  const page = new Page(look, painter(look));
  page.row('ms', 'MySQL', 'Redis', 'bold');
  const rows = steps.flatMap((step) => rowsOf(step));
  const half = mostRows / 2;
  const left = rows.length - mostRows;
  for (const row of left > 0 ? rows.slice(0, half) : rows) row(page);
  if (left > 0) {
    page.note(`(${left} more)`);
    for (const row of rows.slice(-half)) row(page);
  }
  page.note(totals(clean));
  return page.lines.join('\n');
}

/** A step as what draws it, piece by piece. */
function rowsOf(step: Step): ((page: Page) => void)[] {
  const { call, wire, again } = step;
  return [
    ...(call ? [(page: Page) => page.rule(call, step)] : []),
    ...runsOf(wire).map((run) => (page: Page) => page.run(run)),
    ...(again > 0 ? [(page: Page) => page.again(step)] : []),
  ];
}

class Page {
  readonly lines: string[] = [];
  readonly #look: Look;
  readonly #paint: Paint;
  readonly #laneWidth: number;
  readonly #seen = new Set<string>();
  #lastAtMs = 0;

  constructor(look: Look, paint: Paint) {
    this.#look = look;
    this.#paint = paint;
    this.#laneWidth = Math.floor((look.width - indent - timeWidth - 2 - separator.length) / 2);
  }

  row(time: string, mysql: string, redis: string, format: 'cyan' | 'yellow' | 'bold'): void {
    const lanes = this.#paint(format, padEnd(mysql, this.#laneWidth)) + this.#paint('dim', separator);
    this.#line(time, lanes + this.#paint(format, redis));
  }

  /** Something that is neither store's. */
  note(text: string): void {
    this.#line('', this.#paint('dim', text));
  }

  run({ line, more, lastAtMs }: Run): void {
    this.#silence(line.atMs);
    const width = this.#laneWidth;
    const again = this.#seen.has(line.request);
    this.#seen.add(line.request);
    const took = line.tookMs === undefined ? '' : `, ${line.tookMs.toFixed(1)} ms`;
    const reply = `-> ${clip(line.reply ?? 'no reply', width - 3 - took.length)}${took}`;
    const oneLine = `${line.request} ${reply}`;
    const request = again ? [clip(line.request, width)] : wrapAnywhere(line.request, width, mostLines);
    const texts = textWidth(oneLine) <= width ? [oneLine] : [...request, reply];
    if (more > 0) texts.push(`(${times(more)} more, until ${lastAtMs.toFixed(1)} ms)`);
    for (const [n, text] of texts.entries()) {
      const time = n === 0 ? line.atMs.toFixed(1) : '';
      if (line.lane === 'mysql') this.row(time, text, '', 'cyan');
      else this.row(time, '', text, 'yellow');
    }
  }

  rule(call: TranscriptLine, { calls, cameTo }: Step): void {
    this.#silence(call.atMs);
    const text = call.lane === 'time' ? call.request : `${call.request} -> ${call.reply ?? 'no answer'}`;
    this.#across(call.atMs, calls > 1 ? `${calls} at once: ${text}` : text, cameTo);
  }

  again({ again, lastAtMs, cameTo }: Step): void {
    const label = cameTo && (again === 1 ? cameTo : `each time ${cameTo}`);
    this.#across(lastAtMs, `the same again, ${times(again)}`, label);
  }

  #across(atMs: number, text: string, label = ''): void {
    const width = this.#look.width - indent - timeWidth - 2;
    const room = width - (label ? textWidth(label) + 1 : 0);
    const rule = padEnd(`${clip(text, room - 1)} `, room, '-');
    this.#line(atMs.toFixed(1), this.#paint('bold', label ? `${rule} ${label}` : rule));
  }

  #silence(atMs: number): void {
    const passed = atMs - this.#lastAtMs;
    if (passed >= silenceMs) this.note(`(${(passed / 1000).toFixed(1)} s later)`);
    this.#lastAtMs = atMs;
  }

  #line(time: string, text: string): void {
    this.lines.push(`${' '.repeat(indent)}${time.padStart(timeWidth)}  ${text}`.trimEnd());
  }
}
