import { isUtf8 } from 'node:buffer';
import type { RedisReply } from '../events.ts';
import { BulkReader, HeaderReader, RespError } from './pieces.ts';

/** How much of a value is kept; all of it is read. */
export interface ReadLimits {
  /** Bytes of one string. */
  maxValueBytes: number;
  /** Bytes of all strings of one value together. */
  maxFrameBytes: number;
  /** Items of all arrays and maps of one value together. */
  maxItems: number;
}

export function readLimits(maxValueBytes: number): ReadLimits {
  return { maxValueBytes, maxFrameBytes: 16 * maxValueBytes, maxItems: 10_000 };
}

const MAX_DEPTH = 512;
const MAX_BULK = 4 * 1024 ** 3;
const SPECIAL_DOUBLES: Record<string, number> = { inf: Infinity, '-inf': -Infinity, nan: Number.NaN };

type AggregateKind = 'array' | 'map' | 'attribute' | 'string';
interface Aggregate {
  kind: AggregateKind;
  /** How many items are still to come; Infinity for one that is streamed and ends with a mark. */
  left: number;
  items: RedisReply[];
}

/**
 * Reads the values a Redis server sends, RESP2 and RESP3, from chunks of any size
 * (https://redis.io/docs/latest/develop/reference/protocol-spec/). Throws RespError on bytes that are none.
 */
export class ValueReader {
  /** Whether `value` is there: a whole value has been read, and the next read begins another. */
  isComplete = false;
  value: RedisReply = null;
  /** The first byte of the value being read, or 0 between values. */
  type = 0;
  /** How many bytes of the value are kept. */
  weight = 0;
  /** Whether less than all of it is kept. */
  isShortened = false;
  /** Whether the next byte begins a value. */
  get isBetween(): boolean {
    return this.isComplete || this.type === 0;
  }

  readonly #limits: ReadLimits;
  readonly #header = new HeaderReader();
  readonly #bulk = new BulkReader(true);
  #bulkType = 0;
  #items = 0;
  #stack: Aggregate[] = [];

  constructor(limits: ReadLimits) {
    this.#limits = limits;
  }

  /** Reads to the end of the value, or of the chunk; returns the position reached. */
  read(chunk: Buffer, at: number): number {
    if (this.isComplete) this.#reset();
    if (this.type === 0) this.type = chunk[at] ?? 0;
    let next = at;
    while (next < chunk.length && !this.isComplete) {
      if (this.#bulk.isInside) {
        next = this.#bulk.read(chunk, next);
        if (!this.#bulk.isInside) this.#takeBulk();
        continue;
      }
      const after = this.#header.read(chunk, next);
      if (after === -1) return chunk.length;
      next = after;
      this.#takeHeader(String.fromCharCode(this.#header.type));
    }
    return next;
  }

  #reset(): void {
    this.isComplete = false;
    this.isShortened = false;
    this.value = null;
    this.type = 0;
    this.weight = 0;
    this.#items = 0;
  }

  #takeHeader(type: string): void {
    const { text, number } = this.#header;
    switch (type) {
      case '$':
      case '!':
      case '=':
        return this.#beginBulk(type, text);
      case ';':
        if (this.#top?.kind !== 'string') break;
        return number === 0 ? this.#endAggregate() : this.#beginBulk(type, text);
      case '*':
      case '~':
      case '>':
        return this.#beginAggregate('array', text);
      case '%':
        return this.#beginAggregate('map', text);
      case '|':
        return this.#beginAggregate('attribute', text);
      case '.':
        if (this.#top?.left !== Infinity || this.#top.kind === 'string') break;
        return this.#endAggregate();
      default:
        return this.#take(this.#scalar(type, text, number));
    }
    throw new RespError(`${JSON.stringify(type)} where nothing has been left open`);
  }

  #scalar(type: string, text: string, number: number): RedisReply {
    switch (type) {
      case '+':
        return this.#text(text);
      case '-':
        return { error: this.#text(text) };
      case ':':
        if (Number.isSafeInteger(number)) return number;
        if (!Number.isNaN(number)) return BigInt(text);
        break;
      case '(':
        if (!Number.isNaN(number)) return BigInt(text);
        break;
      case '_':
        if (text === '') return null;
        break;
      case '#':
        if (text === 't' || text === 'f') return text === 't';
        break;
      case ',':
        if (text in SPECIAL_DOUBLES) return SPECIAL_DOUBLES[text]!;
        if (text !== '' && !Number.isNaN(Number(text))) return Number(text);
        break;
    }
    throw new RespError(`no value is written ${JSON.stringify((type + text).slice(0, 40))}`);
  }

  get #top(): Aggregate | undefined {
    return this.#stack.at(-1);
  }

  #beginBulk(type: string, text: string): void {
    const { number } = this.#header;
    if (type === '$' && number === -1) return this.#take(null);
    if (type === '$' && text === '?') return this.#push('string', Infinity);
    if (!(number >= 0 && number <= MAX_BULK)) throw new RespError(`a string of length ${text}`);
    this.#bulkType = type.charCodeAt(0);
    const { maxValueBytes, maxFrameBytes, maxItems } = this.#limits;
    const keep = this.#items > maxItems ? 0 : Math.min(maxValueBytes, maxFrameBytes - this.weight);
    this.#bulk.start(number, keep);
  }

  #takeBulk(): void {
    const { kept, length } = this.#bulk;
    this.weight += kept.length;
    if (kept.length < length) this.isShortened = true;
    if (this.#bulkType === 33) this.#take({ error: kept.toString() });
    // A verbatim string begins with three letters of its format and a colon.
    else if (this.#bulkType === 61) this.#take(kept.toString('utf8', 4));
    else this.#take(kept);
  }

  #beginAggregate(kind: AggregateKind, text: string): void {
    const { number } = this.#header;
    if (text === '?') return this.#push(kind, Infinity);
    if (number === -1) return this.#take(null);
    if (!(number >= 0 && number <= 2 ** 32)) throw new RespError(`an aggregate of ${text} items`);
    this.#push(kind, kind === 'array' ? number : number * 2);
    if (number === 0) this.#endAggregate();
  }

  #push(kind: AggregateKind, left: number): void {
    if (this.#stack.length === MAX_DEPTH) throw new RespError(`values nested deeper than ${MAX_DEPTH}`);
    this.#stack.push({ kind, left, items: [] });
  }

  /** One value is there; it may be the last of what holds it, and so on outwards. */
  #take(value: RedisReply): void {
    const top = this.#top;
    if (top === undefined) {
      this.value = value;
      this.isComplete = true;
      return;
    }
    this.#items += 1;
    if (this.#items <= this.#limits.maxItems) top.items.push(value);
    else this.isShortened = true;
    top.left -= 1;
    if (top.left === 0) this.#endAggregate();
  }

  #endAggregate(): void {
    const { kind, items } = this.#stack.pop()!;
    if (kind === 'array') this.#take(items);
    else if (kind === 'map') this.#take(toMap(items));
    else if (kind === 'string')
      this.#take(Buffer.concat(items.filter((item): item is Buffer => item instanceof Buffer)));
    // An attribute is about the value that follows, and is not one of its container's items.
  }

  #text(latin1: string): string {
    this.weight += latin1.length;
    const bytes = Buffer.from(latin1, 'latin1');
    return isUtf8(bytes) ? bytes.toString() : latin1;
  }
}

/** Keys that are text become strings, since a Map finds a Buffer by identity only. */
function toMap(items: RedisReply[]): Map<RedisReply, RedisReply> {
  const map = new Map<RedisReply, RedisReply>();
  for (let i = 0; i + 1 < items.length; i += 2) {
    const key = items[i]!;
    map.set(key instanceof Buffer && isUtf8(key) ? key.toString() : key, items[i + 1]!);
  }
  return map;
}
