import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { CacheDecodeError } from '../errors.ts';

/**
 * What is known of a stored value besides the value. Written only where something needs it, so that the plain case is the codec's
 * bytes and nothing else.
 */
export interface EntryHeader {
  /** When the load began, in milliseconds since 1970. */
  readonly loadedAt?: number;
  /** For how long it is fresh from then on; Redis may keep it longer, to be served stale. */
  readonly freshMs?: number;
  /** How long the load took. */
  readonly loadMs?: number;
  /** The stamp that each of its tags had before the load began. */
  readonly stamps?: Readonly<Record<string, string>>;
}

export interface Entry {
  readonly header: EntryHeader;
  /** The codec's bytes. */
  readonly payload: Buffer;
}

/** The first byte of an entry with a header; the header's JSON and a line break follow it, then the codec's bytes. */
const HEADER_MARK = '@'.charCodeAt(0);
const LINE_BREAK = '\n'.charCodeAt(0);

/** What a deflated entry may grow to: no value is near it, a bomb is not let in. */
const MAX_INFLATED_BYTES = 512 * 1024 * 1024;

const NO_HEADER: EntryHeader = {};

/** The names in Redis are short, because they are stored with every entry. */
interface WrittenHeader {
  at?: number;
  ms?: number;
  took?: number;
  tags?: Readonly<Record<string, string>>;
  zip?: true;
}

/** Puts an entry together. `deflateFrom` is the size in bytes from which it is compressed. */
export function writeEntry(header: EntryHeader | undefined, payload: Buffer, deflateFrom = Infinity): Buffer {
  const deflated = payload.length >= deflateFrom ? deflateRawSync(payload) : undefined;
  const isSmaller = deflated !== undefined && deflated.length < payload.length;
  if (header === undefined && !isSmaller && payload[0] !== HEADER_MARK) return payload;
  const written: WrittenHeader = {};
  if (header?.loadedAt !== undefined) written.at = header.loadedAt;
  if (header?.freshMs !== undefined) written.ms = header.freshMs;
  if (header?.loadMs !== undefined) written.took = Math.round(header.loadMs * 1000) / 1000;
  if (header?.stamps !== undefined) written.tags = header.stamps;
  if (isSmaller) written.zip = true;
  return Buffer.concat([Buffer.from(`@${JSON.stringify(written)}\n`), isSmaller ? deflated : payload]);
}

/** Takes an entry apart. Throws `CacheDecodeError` for a header that is none. */
export function readEntry(bytes: Buffer): Entry {
  if (bytes[0] !== HEADER_MARK) return { header: NO_HEADER, payload: bytes };
  const end = bytes.indexOf(LINE_BREAK);
  let written: unknown;
  try {
    written = JSON.parse(bytes.toString('utf8', 1, end));
  } catch (cause) {
    throw new CacheDecodeError('A stored value begins with a header that is not JSON.', { cause });
  }
  if (!isWrittenHeader(written)) {
    throw new CacheDecodeError('A stored value begins with a header of a form unknown here.');
  }
  const payload = bytes.subarray(end + 1);
  return { header: headerOf(written), payload: written.zip === true ? inflate(payload) : payload };
}

function headerOf({ at, ms, took, tags }: WrittenHeader): EntryHeader {
  return {
    ...(at !== undefined && { loadedAt: at }),
    ...(ms !== undefined && { freshMs: ms }),
    ...(took !== undefined && { loadMs: took }),
    ...(tags !== undefined && { stamps: tags }),
  };
}

function inflate(payload: Buffer): Buffer {
  try {
    return inflateRawSync(payload, { maxOutputLength: MAX_INFLATED_BYTES });
  } catch (cause) {
    throw new CacheDecodeError('A stored value is marked as compressed, and cannot be inflated.', { cause });
  }
}

function isWrittenHeader(value: unknown): value is WrittenHeader {
  if (typeof value !== 'object' || value === null) return false;
  const { at, ms, took, tags } = value as Record<string, unknown>;
  const areNumbers = [at, ms, took].every((each) => each === undefined || typeof each === 'number');
  const hasTags =
    tags === undefined ||
    (typeof tags === 'object' &&
      tags !== null &&
      Object.values(tags).every((stamp) => typeof stamp === 'string'));
  return areNumbers && hasTags;
}
