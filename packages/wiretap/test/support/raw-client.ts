import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A client that says exactly the bytes it is told to. */
export class RawClient {
  readonly #socket: Socket;
  #chunks: Buffer[] = [];
  #size = 0;
  #waiting: (() => void)[] = [];
  #isEnded = false;
  /** The code of the error the connection ended with, if it did. */
  error: string | undefined;

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const wake = (): void => {
      for (const go of this.#waiting.splice(0)) go();
    };
    this.#socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#size += chunk.length;
      wake();
    });
    this.#socket.on('error', (error: NodeJS.ErrnoException) => (this.error = error.code));
    this.#socket.on('end', () => {
      this.#isEnded = true;
      wake();
    });
    this.#socket.on('close', () => {
      this.#isEnded = true;
      wake();
    });
    onTestFinished(() => {
      this.#socket.destroy();
    });
  }

  /** How many bytes have come and not been read. */
  get unread(): number {
    return this.#size;
  }

  write(bytes: string | Buffer): void {
    this.#socket.write(bytes);
  }

  /** Says that nothing more will come, and still listens. */
  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Stops reading, as a slow client does. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** The next `count` bytes; rejects if the connection ends before. */
  async read(count: number): Promise<Buffer> {
    while (this.#size < count) {
      if (this.#isEnded) throw new Error(`ended after ${this.#size} of ${count} bytes`);
      await this.#change();
    }
    return this.#take(count);
  }

  /** The next bytes up to and with these. */
  async readThrough(end: string): Promise<string> {
    for (;;) {
      const received = Buffer.concat(this.#chunks);
      const at = received.indexOf(end);
      if (at !== -1) return this.#take(at + Buffer.byteLength(end)).toString();
      if (this.#isEnded) throw new Error(`ended before ${JSON.stringify(end)}: ${received.toString()}`);
      await this.#change();
    }
  }

  /** All that comes until the connection ends. */
  async readToEnd(): Promise<Buffer> {
    while (!this.#isEnded) await this.#change();
    return this.#take(this.#size);
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #take(count: number): Buffer {
    const received = Buffer.concat(this.#chunks);
    this.#chunks = [received.subarray(count)];
    this.#size -= count;
    return received.subarray(0, count);
  }
}
