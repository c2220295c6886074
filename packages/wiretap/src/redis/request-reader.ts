import { BulkReader, HeaderReader, LineReader, RespError } from './pieces.ts';
import { splitInline } from './inline.ts';
import type { ReadLimits } from './value-reader.ts';

const STAR = 42;
const DOLLAR = 36;
/** Redis's own limits, past which it closes the connection as well. */
const MAX_ARGS = 2 ** 31 - 1;
const MAX_BULK = 4 * 1024 ** 3;
const MAX_INLINE = 64 * 1024;

/**
 * Reads the commands a client sends, as arrays of strings or as plain lines ("inline commands"), from chunks of any
 * size. Throws RespError, with the words Redis would use, on bytes that are none.
 */
export class RequestReader {
  /** Whether a whole command has been read; the next read begins another. */
  isComplete = false;
  /** The name in upper case; empty if the client sent nothing but an empty line or array, which gets no reply. */
  name = '';
  args: Buffer[] = [];
  /** How many there were; `args` may hold only the first of them. */
  argCount = 0;
  /** True lengths of those args of which only the beginning is kept. */
  argLengths: Map<number, number> | undefined;
  /** How many bytes of the command are kept. */
  weight = 0;
  readonly #limits: ReadLimits;
  readonly #header = new HeaderReader();
  readonly #inline = new LineReader();
  readonly #bulk = new BulkReader(false);
  /** How many strings are still to come; -1 between commands. */
  #left = -1;
  #index = 0;

  constructor(limits: ReadLimits) {
    this.#limits = limits;
  }

  /** Reads to the end of the command, or of the chunk; returns the position reached. */
  read(chunk: Buffer, at: number): number {
    if (this.isComplete) this.#reset();
    let next = at;
    while (next < chunk.length && !this.isComplete) {
      if (this.#bulk.isInside) {
        next = this.#bulk.read(chunk, next);
        if (!this.#bulk.isInside) this.#takeBulk();
        continue;
      }
      const isInline = this.#left === -1 && !this.#header.isInside && chunk[next] !== STAR;
      const after =
        this.#inline.isInside || isInline ? this.#readInline(chunk, next) : this.#readHeader(chunk, next);
      if (after === -1) return chunk.length;
      next = after;
    }
    return next;
  }

  #reset(): void {
    this.isComplete = false;
    this.name = '';
    this.args = [];
    this.argCount = 0;
    this.argLengths = undefined;
    this.weight = 0;
    this.#left = -1;
    this.#index = 0;
  }

  #readHeader(chunk: Buffer, at: number): number {
    const next = this.#header.read(chunk, at);
    if (next === -1) return -1;
    const { type, number } = this.#header;
    if (this.#left === -1) {
      if (!(number <= MAX_ARGS)) throw new RespError('invalid multibulk length');
      this.#left = number;
      if (number <= 0) this.isComplete = true;
      return next;
    }
    if (type !== DOLLAR) throw new RespError(`expected '$', got '${String.fromCharCode(type)}'`);
    if (!(number >= 0 && number <= MAX_BULK)) throw new RespError('invalid bulk length');
    const { maxValueBytes, maxFrameBytes, maxItems } = this.#limits;
    const isKept = this.#index <= maxItems;
    this.#bulk.start(number, isKept ? Math.min(maxValueBytes, maxFrameBytes - this.weight) : 0);
    return next;
  }

  #takeBulk(): void {
    const { kept, length } = this.#bulk;
    this.weight += kept.length;
    const index = this.#index - 1;
    if (index === -1) this.name = kept.toString('latin1').toUpperCase();
    else if (index < this.#limits.maxItems) {
      this.args.push(kept);
      if (kept.length < length) (this.argLengths ??= new Map()).set(index, length);
    }
    this.#index += 1;
    this.#left -= 1;
    if (this.#left > 0) return;
    this.argCount = this.#index - 1;
    this.isComplete = true;
  }

  #readInline(chunk: Buffer, at: number): number {
    const next = this.#inline.read(chunk, at);
    if (next === -1) {
      if (this.#inline.length > MAX_INLINE) throw new RespError('too big inline request');
      return -1;
    }
    const words = splitInline(this.#inline.text);
    if (words === undefined) throw new RespError('unbalanced quotes in request');
    const [name, ...args] = words;
    this.name = name?.toString('latin1').toUpperCase() ?? '';
    this.args = args;
    this.argCount = args.length;
    this.weight = this.#inline.text.length;
    this.isComplete = true;
    return next;
  }
}
