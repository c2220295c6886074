import type { Readable, Writable } from 'node:stream';
import { Fifo } from './fifo.ts';
import { Gate } from './gate.ts';

/** Something to do when its turn comes; the bytes it returns are written. */
export type Step = () => Buffer | undefined;

type Source = Pick<Readable, 'pause' | 'resume'>;

interface Waiting {
  item: Buffer | Gate | Step;
  size: number;
}

/** How many bytes may wait behind closed gates before the source is no longer read. */
const HIGH_WATER = 1024 * 1024;

/**
 * One direction of a connection. What is put in comes out at the sink in the same order; a closed gate holds back
 * all that is behind it. Back-pressure is passed on: while the sink is full, the source is not read.
 */
export class Lane {
  readonly #source: Source;
  readonly #sink: Writable;
  readonly #queue = new Fifo<Waiting>();
  #waitingBytes = 0;
  #sinkFull = false;
  #sourcePaused = false;
  #disposed = false;
  // The run: bytes to be written next that lie side by side in memory. Fifty replies of one chunk leave in one write.
  #memory: ArrayBufferLike | undefined;
  #runStart = 0;
  #runEnd = 0;

  constructor(source: Source, sink: Writable) {
    this.#source = source;
    this.#sink = sink;
    sink.on('drain', () => {
      this.#sinkFull = false;
      this.#steer();
    });
  }

  /** Whether all waits for something that is not sure to happen: a hang's end, a hold's release. */
  get isHeld(): boolean {
    const item = this.#queue.first?.item;
    return item instanceof Gate && !item.isOpen && item.lasting;
  }

  /** `size`: how many bytes a step will return, so that they are counted while it waits. */
  put(item: Buffer | Gate | Step, size = item instanceof Buffer ? item.length : 0): void {
    if (this.#disposed) return;
    if (item instanceof Gate) {
      if (item.isOpen) return;
      if (this.#queue.length === 0) item.onOpen(this.#advance);
    } else if (this.#queue.length === 0) {
      this.#pass(item);
      return;
    }
    this.#queue.push({ item, size });
    this.#waitingBytes += size;
    this.#steer();
  }

  /** Ends the sink once all before has gone. */
  end(): void {
    this.put(() => {
      this.flush();
      this.#sink.end();
      return undefined;
    });
  }

  /** Writes what has passed; to be called when all of a chunk has been put in. */
  flush(): void {
    if (this.#disposed) return;
    this.#writeRun();
    if (this.#sink.writableCorked > 0) this.#sink.uncork();
    this.#steer();
  }

  dispose(): void {
    this.#disposed = true;
    this.#queue.clear();
    this.#memory = undefined;
  }

  readonly #advance = (): void => {
    let next = this.#queue.first;
    while (next !== undefined && !this.#disposed) {
      if (next.item instanceof Gate && !next.item.isOpen) {
        next.item.onOpen(this.#advance);
        break;
      }
      this.#queue.shift();
      this.#waitingBytes -= next.size;
      if (!(next.item instanceof Gate)) this.#pass(next.item);
      next = this.#queue.first;
    }
    this.flush();
  };

  #pass(item: Buffer | Step): void {
    const bytes = typeof item === 'function' ? item() : item;
    if (bytes === undefined || bytes.length === 0) return;
    if (bytes.buffer === this.#memory && bytes.byteOffset === this.#runEnd) {
      this.#runEnd += bytes.length;
      return;
    }
    if (this.#memory !== undefined) {
      // A second run before the flush: corked, both leave in one system call.
      if (this.#sink.writableCorked === 0) this.#sink.cork();
      this.#writeRun();
    }
    this.#memory = bytes.buffer;
    this.#runStart = bytes.byteOffset;
    this.#runEnd = bytes.byteOffset + bytes.length;
  }

  #writeRun(): void {
    if (this.#memory === undefined) return;
    const run = Buffer.from(this.#memory, this.#runStart, this.#runEnd - this.#runStart);
    this.#memory = undefined;
    if (!this.#sink.write(run)) this.#sinkFull = true;
  }

  #steer(): void {
    const pause = this.#sinkFull || this.#waitingBytes > HIGH_WATER;
    if (pause === this.#sourcePaused || this.#disposed) return;
    this.#sourcePaused = pause;
    if (pause) this.#source.pause();
    else this.#source.resume();
  }
}
