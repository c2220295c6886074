import type { ServerResponse } from 'node:http';

/** Of an answer that is a stream of events. */
export const STREAM_HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // nginx would wait until its buffer is full.
  'X-Accel-Buffering': 'no',
};

/** How many bytes a reader may be behind, beyond its opening, before it is dropped. */
const MOST_BEHIND = 64 * 1_024;

export interface EventStreamOptions {
  readonly mostReaders?: number;
  /** How often a comment is sent, so that no proxy takes the stream for dead. */
  readonly heartbeatMs?: number;
}

/** Sends the same server-sent events to all its readers. */
export class EventStream {
  readonly #mostReaders: number;
  /** Each with how many bytes it may be behind. */
  readonly #readers = new Map<ServerResponse, number>();
  readonly #heartbeat: NodeJS.Timeout;
  #isClosed = false;

  constructor({ mostReaders = 200, heartbeatMs = 15_000 }: EventStreamOptions = {}) {
    this.#mostReaders = mostReaders;
    this.#heartbeat = setInterval(() => this.send(':\n\n'), heartbeatMs);
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** Whether one reader more would be taken. */
  get isOpen(): boolean {
    return !this.#isClosed && this.#readers.size < this.#mostReaders;
  }

  /** Begins the stream on a response, with `opening` as its first events. */
  add(response: ServerResponse, opening: readonly (string | Buffer)[]): void {
    response.writeHead(200, STREAM_HEADERS);
    const length = opening.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
    this.#readers.set(response, length + MOST_BEHIND);
    response.once('close', () => this.#readers.delete(response));
    // After a lost connection, a browser comes back within two seconds.
    response.write('retry: 2000\n\n');
    for (const part of opening) response.write(part);
  }

  send(event: string | Buffer): void {
    for (const [response, mostBehind] of this.#readers) {
      // A browser that was only slow comes back by itself, and is sent what it has missed.
      if (response.writableLength > mostBehind) response.destroy();
      else response.write(event);
    }
  }

  /** Ends all streams; no more are taken. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#heartbeat);
    for (const response of this.#readers.keys()) response.end();
    this.#readers.clear();
  }
}
