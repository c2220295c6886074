/** A payload this long goes on in the next packet. */
export const FULL_PACKET = 0xff_ff_ff;

/** Reads packets, 3 bytes of length and 1 of sequence before each payload, from chunks of any size. */
export class PacketReader {
  length = 0;
  sequence = 0;
  /** Whether a whole packet has been read; the next read begins another. */
  isComplete = false;
  /** Whether this packet carries on the payload of the one before. */
  isContinuation = false;
  /** The beginning of the payload, as much as `keep` says, or all of it if it was in one chunk. */
  payload: Buffer = Buffer.alloc(0);
  readonly #keep: number;
  #headerBytes = 0;
  #left = 0;
  #kept = 0;
  #pieces: Buffer[] = [];

  constructor(keep: number) {
    this.#keep = keep;
  }

  /** Whether the next byte begins a packet. */
  get isBetween(): boolean {
    return this.isComplete || this.#headerBytes === 0;
  }

  /** Whether the payload of the last packet goes on in the next one. */
  get isUnfinished(): boolean {
    return this.isComplete && this.length === FULL_PACKET;
  }

  /** Reads to the end of the packet, or of the chunk; returns the position reached. */
  read(chunk: Buffer, at: number): number {
    if (this.isComplete) this.#reset();
    let next = at;
    while (this.#headerBytes < 4 && next < chunk.length) {
      const byte = chunk[next]!;
      if (this.#headerBytes === 3) this.sequence = byte;
      else this.length += byte * 256 ** this.#headerBytes;
      this.#headerBytes += 1;
      next += 1;
      if (this.#headerBytes === 4) this.#left = this.length;
    }
    if (this.#headerBytes < 4) return next;
    const end = Math.min(chunk.length, next + this.#left);
    this.#left -= end - next;
    if (this.#kept < this.#keep && end > next) {
      this.#pieces.push(chunk.subarray(next, end));
      this.#kept += end - next;
    }
    if (this.#left === 0) {
      this.isComplete = true;
      this.payload = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
    }
    return end;
  }

  #reset(): void {
    this.isContinuation = this.length === FULL_PACKET;
    this.isComplete = false;
    this.length = 0;
    this.#headerBytes = 0;
    this.#kept = 0;
    this.#pieces = [];
  }
}

/** The payload of a request that was sent in these packets. */
export function payloadOf(packets: Buffer): Buffer {
  if (packets.length < FULL_PACKET + 4) return packets.subarray(4);
  const pieces: Buffer[] = [];
  for (let at = 0; at < packets.length; at += FULL_PACKET + 4) {
    pieces.push(packets.subarray(at + 4, at + 4 + FULL_PACKET));
  }
  return Buffer.concat(pieces);
}
