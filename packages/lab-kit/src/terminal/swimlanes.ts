import type { TranscriptLine } from '../transcript.ts';
import { clip, painter, wrapAnywhere, type Look, type Paint } from './style.ts';

const indent = 2;
const timeWidth = 8;
const gap = 2;
/** Requests past this are shown as a count: the pattern is clear by then. */
const mostRequests = 24;
/** Lines of a request's text when it is met first; the same text again takes one. */
const mostLines = 5;

/**
 * Draws what reached the stores as two lanes, MySQL on the left and Redis on the right, with the learner's calls as
 * rules across both. Under each request stands its reply, and how long that took.
 */
export function swimlanes(lines: readonly TranscriptLine[], look: Look): string {
  const page = new Page(look, painter(look));
  page.row('ms', 'MySQL', 'Redis', 'bold');
  const half = mostRequests / 2;
  const left = lines.length - mostRequests;
  for (const line of left > 0 ? lines.slice(0, half) : lines) page.draw(line);
  if (left > 0) {
    page.row('', `(${left} more)`, '', 'dim');
    for (const line of lines.slice(-half)) page.draw(line);
  }
  return page.lines.join('\n');
}

class Page {
  readonly lines: string[] = [];
  readonly #look: Look;
  readonly #paint: Paint;
  readonly #laneWidth: number;
  readonly #seen = new Set<string>();

  constructor(look: Look, paint: Paint) {
    this.#look = look;
    this.#paint = paint;
    this.#laneWidth = Math.floor((look.width - indent - timeWidth - 2 * gap) / 2);
  }

  row(time: string, mysql: string, redis: string, format: 'cyan' | 'yellow' | 'bold' | 'dim'): void {
    const space = ' '.repeat(gap);
    const text = `${time.padStart(timeWidth)}${space}${mysql.padEnd(this.#laneWidth)}${space}${redis}`;
    this.lines.push(' '.repeat(indent) + this.#paint(format, text.trimEnd()));
  }

  draw(line: TranscriptLine): void {
    const time = line.atMs.toFixed(1);
    if (line.lane === 'call') return this.#rule(time, line);
    const width = this.#laneWidth;
    const again = this.#seen.has(line.request);
    this.#seen.add(line.request);
    const request = again ? [clip(line.request, width)] : wrapAnywhere(line.request, width, mostLines);
    const took = line.tookMs === undefined ? '' : `, ${line.tookMs.toFixed(1)} ms`;
    const reply = `-> ${clip(line.reply ?? 'no reply', width - 3 - took.length)}${took}`;
    for (const [n, text] of [...request, reply].entries()) {
      const at = n === 0 ? time : '';
      if (line.lane === 'mysql') this.row(at, text, '', 'cyan');
      else this.row(at, '', text, 'yellow');
    }
  }

  #rule(time: string, line: TranscriptLine): void {
    const width = this.#look.width - indent;
    const text = `${time.padStart(timeWidth)}${' '.repeat(gap)}${line.request} -> ${line.reply ?? 'no answer'} `;
    this.lines.push(' '.repeat(indent) + this.#paint('bold', clip(text.padEnd(width, '-'), width)));
  }
}
