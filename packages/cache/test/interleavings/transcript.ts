/** One thing that happened: at which step, and in which process (`undefined`: in Redis itself or to the clock). */
interface Line {
  readonly step: number;
  readonly lane: number | undefined;
  readonly text: () => string;
}

/** What happened in a schedule, in order. Texts are made only when it is printed, which hardly any is. */
export class Transcript {
  readonly #lines: Line[] = [];
  #step = 0;
  /** Two 32-bit FNV-1a hashes of the order in which commands reached Redis. */
  #low = 0x811c9dc5;
  #high = 0x01000193;

  nextStep(): void {
    this.#step++;
  }

  get steps(): number {
    return this.#step;
  }

  add(lane: number | undefined, text: () => string): void {
    this.#lines.push({ step: this.#step, lane, text });
  }

  /** Takes note of a command that reached Redis, for telling interleavings apart. */
  reached(what: string): void {
    for (let index = 0; index < what.length; index++) {
      this.#low = Math.imul(this.#low ^ what.charCodeAt(index), 0x01000193);
      this.#high = Math.imul(this.#high ^ what.charCodeAt(index), 0x01000197);
    }
  }

  /** Equal for schedules whose commands reached Redis in the same order. */
  get interleaving(): number {
    return (this.#low >>> 0) + (this.#high & 0x1fffff) * 2 ** 32;
  }

  /** A lane a process, top to bottom. */
  print(lanes: number): string {
    const heads = Array.from({ length: lanes }, (_, lane) => nameOf(lane));
    const rows = [
      ['step', ...heads],
      ...this.#lines.map(({ step, lane, text }) =>
        lane === undefined
          ? [String(step), `-- ${text()} --`]
          : [String(step), ...heads.map((_, index) => (index === lane ? text() : ''))],
      ),
    ];
    const widths = heads.map((_, lane) =>
      Math.max(12, ...rows.filter((row) => row.length > 2).map((row) => (row[lane + 1] ?? '').length)),
    );
    return rows
      .map(([step = '', ...cells]) => {
        const shown = cells.map((cell, lane) => (cells.length > 1 ? cell.padEnd(widths[lane] ?? 0) : cell));
        return `${step.padStart(4)}  ${shown.join(' | ')}`.trimEnd();
      })
      .join('\n');
  }
}

/** Processes are called A, B and C. */
export function nameOf(lane: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + lane);
}
