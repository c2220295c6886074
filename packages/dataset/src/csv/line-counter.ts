const NEWLINE = 10;

/**
 * Tells on which line of a file a byte stands. csv-parse counts lines too, but counts a CRLF inside quotes twice. Bytes
 * go in and questions come in ascending order, so only the line starts between the two are kept.
 */
export class LineCounter {
  #line: number;
  #starts: number[] = [];
  /** The first of the starts that has not been passed yet. */
  #next = 0;
  #offset: number;

  /** `line` is the line, from 1, that begins at byte `offset`. */
  constructor(line: number, offset: number) {
    this.#line = line;
    this.#offset = offset;
  }

  read(chunk: Buffer): void {
    this.#starts = this.#starts.slice(this.#next);
    this.#next = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) {
      this.#starts.push(this.#offset + at + 1);
    }
    this.#offset += chunk.length;
  }

  /** The line that byte `offset` stands on; it must have been read, or be the next one. */
  lineAt(offset: number): number {
    while ((this.#starts[this.#next] ?? Number.POSITIVE_INFINITY) <= offset) {
      this.#next += 1;
      this.#line += 1;
    }
    return this.#line;
  }
}
