/** Bytes that are not what the protocol says stands here: the connection cannot be followed past them. */
export class PacketError extends Error {
  override readonly name = 'PacketError';
}

/** Reads the fields of one packet, front to back; throws PacketError past the end. */
export class Cursor {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  /** An unsigned integer of 1 to 6 bytes, little-endian like all of the protocol. */
  uint(size: number): number {
    return this.#bytes.readUIntLE(this.#advance(size), size);
  }

  int(size: number): number {
    return this.#bytes.readIntLE(this.#advance(size), size);
  }

  uint64(): number | bigint {
    return narrowed(this.#bytes.readBigUInt64LE(this.#advance(8)));
  }

  int64(): number | bigint {
    return narrowed(this.#bytes.readBigInt64LE(this.#advance(8)));
  }

  float(): number {
    return this.#bytes.readFloatLE(this.#advance(4));
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#advance(8));
  }

  /** A length-encoded integer. */
  lenenc(): number | bigint {
    const first = this.uint(1);
    if (first < 0xfb) return first;
    if (first === 0xfc) return this.uint(2);
    if (first === 0xfd) return this.uint(3);
    if (first === 0xfe) return this.uint64();
    throw new PacketError(`no length begins with byte ${first}`);
  }

  /** A length-encoded string: its bytes, not copied. */
  lenencBytes(): Buffer {
    return this.bytes(Number(this.lenenc()));
  }

  bytes(length: number): Buffer {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** Text that ends with a zero byte, or with the packet. */
  textToNul(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    const text = this.bytes((end === -1 ? this.#bytes.length : end) - this.#at).toString();
    if (end !== -1) this.#at += 1;
    return text;
  }

  rest(): Buffer {
    return this.bytes(this.remaining);
  }

  skip(size: number): void {
    this.#advance(size);
  }

  #advance(size: number): number {
    const start = this.#at;
    if (!(size <= this.remaining))
      throw new PacketError(`a packet ends ${size - this.remaining} bytes too soon`);
    this.#at += size;
    return start;
  }
}

function narrowed(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
