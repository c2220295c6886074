import type { TranscriptLine } from '../transcript.ts';

/** A call of the learner's code with what it sent, or time that passed; or, without either, what came before the first one. */
export interface Step {
  call?: TranscriptLine;
  /** How many equal calls were made at once. */
  calls: number;
  /** When the last of them ended, ms. */
  endedAtMs: number;
  /** What reached the stores from here to the next call. */
  wire: TranscriptLine[];
  /** What the call came to: "miss, 1 SELECT". Absent when other calls ran meanwhile, so that nobody can tell whose it was. */
  cameTo?: string;
  /** How many times the same happened again right after. */
  again: number;
  /** When the last of those began, ms. */
  lastAtMs: number;
}

/** Commands that read what a cache may have kept. */
const reads = /^(?:M?GET|GETEX|GETRANGE|HGET|HMGET|HGETALL|JSON\.GET)\b/i;
/** Replies of Redis that say "there is nothing". */
const nothing = /^(?:nil|no reply|0 (?:elements|fields)|\[(?:nil(?:, )?)*\])$|^error/;

/** Puts each call together with what it sent, and counts what is only said again. */
export function stepsOf(lines: readonly TranscriptLine[]): Step[] {
  const steps: Step[] = [];
  for (const line of lines) {
    // It is executed next, with the same text.
    if (line.lane === 'mysql' && line.reply === 'prepared') continue;
    const last = steps.at(-1);
    if (line.lane === 'call' || line.lane === 'time') {
      const endedAtMs = line.atMs + (line.tookMs ?? Infinity);
      const step = { call: line, calls: 1, endedAtMs, wire: [], again: 0, lastAtMs: line.atMs };
      if (last?.call && last.wire.length === 0 && isSame(last.call, line) && overlaps(last, step)) {
        last.calls += 1;
        last.endedAtMs = Math.max(last.endedAtMs, endedAtMs);
      } else steps.push(step);
    } else if (last) last.wire.push(line);
    else steps.push({ calls: 0, endedAtMs: line.atMs, wire: [line], again: 0, lastAtMs: line.atMs });
  }
  steps.forEach((step, index) => {
    const alone = !overlaps(steps[index - 1], step) && !overlaps(step, steps[index + 1]);
    if (step.call?.lane === 'call' && alone) step.cameTo = cameTo(step.wire);
  });
  return withoutRepeats(steps);
}

/** Equal requests with equal replies, one after the other, are told once. */
export interface Run {
  line: TranscriptLine;
  /** How many came after it. */
  more: number;
  lastAtMs: number;
}

export function runsOf(wire: readonly TranscriptLine[]): Run[] {
  const runs: Run[] = [];
  for (const line of wire) {
    const last = runs.at(-1);
    if (last && isSame(last.line, line)) {
      last.more += 1;
      last.lastAtMs = line.atMs;
    } else runs.push({ line, more: 0, lastAtMs: line.atMs });
  }
  return runs;
}

export function times(number: number): string {
  return number === 1 ? 'once' : `${number} times`;
}

/** What reached the stores in all: "5 calls: 5 SELECTs to MySQL, nothing to Redis". */
export function totals(lines: readonly TranscriptLine[]): string {
  const calls = lines.filter((line) => line.lane === 'call').length;
  const { mysql, redis } = byStore(lines);
  return (
    `${count(calls, 'call')}: ${mysql.length ? statements(mysql) : 'nothing'} to MySQL, ` +
    `${redis.length ? count(redis.length, 'command') : 'nothing'} to Redis`
  );
}

function cameTo(wire: readonly TranscriptLine[]): string {
  const { mysql, redis } = byStore(wire);
  const [query] = mysql;
  const before = query ? byStore(wire.slice(0, wire.indexOf(query))).redis : redis;
  const looked = before.filter((line) => reads.test(line.request));
  // The last look is for the answer itself. Those before it are for what its key is made of.
  const found = !nothing.test(looked.at(-1)?.reply ?? 'no reply');
  if (mysql.length === 0 && redis.length === 0) return 'nothing sent';
  if (mysql.length === 0) return found ? 'hit, no SELECT' : count(redis.length, 'command');
  if (looked.length === 0) return statements(mysql);
  return found ? `found in Redis, yet ${statements(mysql)}` : `miss, ${statements(mysql)}`;
}

function byStore(lines: readonly TranscriptLine[]) {
  return {
    mysql: lines.filter((line) => line.lane === 'mysql' && !line.request.startsWith('PREPARE ')),
    redis: lines.filter((line) => line.lane === 'redis'),
  };
}

function statements(lines: readonly TranscriptLine[]): string {
  const onlySelects = lines.every((line) => /^\(?SELECT\b/i.test(line.request));
  return count(lines.length, onlySelects ? 'SELECT' : 'statement');
}

/** Times are rounded to a tenth. */
function overlaps(earlier: Step | undefined, later: Step | undefined): boolean {
  if (!earlier?.call || !later?.call) return false;
  return earlier.endedAtMs > later.call.atMs + 0.1;
}

function isSame(a: TranscriptLine, b: TranscriptLine): boolean {
  return a.lane === b.lane && a.request === b.request && a.reply === b.reply;
}

function withoutRepeats(steps: readonly Step[]): Step[] {
  const shown: Step[] = [];
  for (const step of steps) {
    const last = shown.at(-1);
    if (last?.call && step.call && saying(last) === saying(step)) {
      last.again += 1;
      last.lastAtMs = step.lastAtMs;
    } else shown.push(step);
  }
  return shown;
}

function saying({ call, calls, wire, cameTo: outcome }: Step): string {
  const said = [call, ...wire].map((line) => [line?.lane, line?.request, line?.reply]);
  return JSON.stringify([outcome, calls, said]);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
