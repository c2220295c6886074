import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import type { Row } from '../queries/query.ts';

/** How a body can be compressed for a client that takes it. */
export type Encoding = 'gzip' | 'br';

/** What is made of an answer's bytes: made when first asked for, and kept as long as the bytes are the same. */
export class Body {
  #json: Buffer;
  readonly #compressed = new Map<Encoding, Promise<Buffer>>();
  #rows: readonly Row[] | undefined;
  #etag: string | undefined;
  #table: Buffer | undefined;

  constructor(json: Buffer) {
    this.#json = json;
  }

  get json(): Buffer {
    return this.#json;
  }

  /** Whether these are its bytes, too. */
  isOf(json: Buffer): boolean {
    if (this.#json === json) return true;
    if (!this.#json.equals(json)) return false;
    // A near cache gives the same Buffer again, which need not be compared then.
    this.#json = json;
    return true;
  }

  get rows(): readonly Row[] {
    this.#rows ??= JSON.parse(this.json.toString()) as readonly Row[];
    return this.#rows;
  }

  /** The bytes' own name, without quotes. */
  get etag(): string {
    this.#etag ??= createHash('sha256').update(this.json).digest('base64url').slice(0, 27);
    return this.#etag;
  }

  /** @param draw makes the table of the rows, the first time */
  table(draw: (rows: readonly Row[]) => string): Buffer {
    this.#table ??= Buffer.from(draw(this.rows));
    return this.#table;
  }

  compressed(encoding: Encoding): Promise<Buffer> {
    const kept = this.#compressed.get(encoding);
    if (kept !== undefined) return kept;
    const made = COMPRESS[encoding](this.json);
    this.#compressed.set(encoding, made);
    return made;
  }
}

const COMPRESS: Record<Encoding, (json: Buffer) => Promise<Buffer>> = {
  gzip: async (json) => await promisify(gzip)(json, { level: 6 }),
  // The default, 11, takes a hundred times as long, for a tenth of the size.
  br: async (json) =>
    await promisify(brotliCompress)(json, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
};

/** A body with all that is made of it, in multiples of its JSON. Measured: 500 articles take 5.6 times their JSON. */
const SIZE_FACTOR = 6;

/**
 * The bodies of the latest answers, by the address of the query. Bytes that are equal to those of the last time, which is told in
 * microseconds, are not parsed, drawn, hashed and compressed again.
 */
export class Bodies {
  readonly #kept: LRUCache<string, Body>;

  /** @param maxBytes the most that is kept, about */
  constructor(maxBytes = 64 * 1024 * 1024) {
    this.#kept = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ json }) => Math.max(1, json.length * SIZE_FACTOR),
    });
  }

  of(address: string, json: Buffer): Body {
    const kept = this.#kept.get(address);
    if (kept?.isOf(json) === true) return kept;
    const body = new Body(json);
    this.#kept.set(address, body);
    return body;
  }
}
