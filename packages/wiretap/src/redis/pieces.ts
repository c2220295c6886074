/** Bytes that are not RESP: the stream cannot be followed past them. */
export class RespError extends Error {
  override readonly name = 'RespError';
}

const CR = 13;
const LF = 10;
/** Far above any header; MONITOR's lines and error texts may be long. */
const MAX_LINE = 64 * 1024 * 1024;
/** The types whose header is a number: $ * : % ~ > | ; = ! */
const IS_NUMBERED = new Set(Buffer.from('$*:%~>|;=!'));

/** Reads a line that may be spread over chunks. */
export class LineReader {
  /** The line that was read, a character for each byte, without its end. */
  text = '';
  #beginning = '';

  /** Whether a line has begun in an earlier chunk. */
  get isInside(): boolean {
    return this.#beginning !== '';
  }

  /** How much of an unfinished line has been read. */
  get length(): number {
    return this.#beginning.length;
  }

  /** The position after the line, or -1 when it goes on in the next chunk. */
  read(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(LF, at);
    if (end === -1) {
      this.#beginning += chunk.toString('latin1', at);
      if (this.#beginning.length > MAX_LINE) throw new RespError('a line without an end');
      return -1;
    }
    const line = this.#beginning + chunk.toString('latin1', at, end);
    this.#beginning = '';
    this.text = line.endsWith('\r') ? line.slice(0, -1) : line;
    return end + 1;
  }
}

/** Reads the line that begins every value: a type, then a number or text. */
export class HeaderReader {
  /** The first byte. */
  type = 0;
  /** What follows the type, as a number; NaN if it is not a whole one. */
  number = Number.NaN;
  /** What follows the type. Not kept for short numbers of the numbered types, which are nearly all there is. */
  text = '';
  readonly #line = new LineReader();

  get isInside(): boolean {
    return this.#line.isInside;
  }

  /** The position after the line, or -1 when it goes on in the next chunk. */
  read(chunk: Buffer, at: number): number {
    if (!this.#line.isInside && IS_NUMBERED.has(chunk[at]!)) {
      const next = this.#readShortNumber(chunk, at);
      if (next !== -1) return next;
    }
    const next = this.#line.read(chunk, at);
    if (next === -1) return -1;
    const { text } = this.#line;
    this.type = text.charCodeAt(0);
    this.text = text.slice(1);
    this.number = /^-?\d+$/.test(this.text) ? Number(this.text) : Number.NaN;
    return next;
  }

  /** Up to 15 digits, all in this chunk: no string is made of them. */
  #readShortNumber(chunk: Buffer, at: number): number {
    const limit = Math.min(chunk.length - 1, at + 16);
    let number = 0;
    let end = at + 1;
    for (; end < limit; end += 1) {
      const digit = chunk[end]! - 48;
      if (digit < 0 || digit > 9) break;
      number = number * 10 + digit;
    }
    if (end === at + 1 || chunk[end] !== CR || chunk[end + 1] !== LF) return -1;
    this.type = chunk[at]!;
    this.number = number;
    this.text = '';
    return end + 2;
  }
}

/** Reads a counted string and its CR LF, spread over any number of chunks, keeping only its beginning. */
export class BulkReader {
  /** What is kept of it, a copy. */
  kept: Buffer = Buffer.alloc(0);
  length = 0;
  #taken = -1;
  readonly #isStrict: boolean;

  /** Strict: what follows the string must be CR LF. Redis itself is not so with requests. */
  constructor(isStrict: boolean) {
    this.#isStrict = isStrict;
  }

  /** Whether a string has been started and not been read to its end. */
  get isInside(): boolean {
    return this.#taken !== -1;
  }

  start(length: number, keep: number): void {
    this.length = length;
    this.kept = Buffer.allocUnsafe(Math.min(length, keep));
    this.#taken = 0;
  }

  /** The position after what belongs to the string. */
  read(chunk: Buffer, at: number): number {
    const total = this.length + 2;
    const end = Math.min(chunk.length, at + total - this.#taken);
    if (this.#taken < this.kept.length) chunk.copy(this.kept, this.#taken, at, end);
    if (this.#isStrict) {
      const lineEnd = at + this.length - this.#taken;
      const isCr = lineEnd < at || lineEnd >= end || chunk[lineEnd] === CR;
      const isLf = lineEnd + 1 >= end || chunk[lineEnd + 1] === LF;
      if (!isCr || !isLf) throw new RespError(`a string of ${this.length} bytes goes on after them`);
    }
    this.#taken += end - at;
    if (this.#taken === total) this.#taken = -1;
    return end;
  }
}
