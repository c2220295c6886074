import { connect, type Socket } from 'node:net';
import type { WireEvent } from './events.ts';
import { Lane } from './lane.ts';
import type { WireRecord } from './record.ts';

/** What understands a connection's protocol. It puts every byte it is given, or its stand-in, into a lane. */
export interface Session {
  fromClient(chunk: Buffer): void;
  fromStore(chunk: Buffer): void;
  /** No more will come: bytes kept back in the hope of the rest must go now. */
  clientEnded(): void;
  storeEnded(): void;
}

/** What a session works on. */
export interface Wire {
  /** The connection's number in the record. */
  readonly number: number;
  readonly record: WireRecord;
  readonly requests: Lane;
  readonly replies: Lane;
  /** Ends the connection once the bytes that are on their way to the client have gone; the store hears no more. */
  cut(note?: string): void;
}

type Ender = 'client' | 'store' | 'tap';

/** One client's connection: its socket, the one to the store, and the two lanes between them. */
export class Connection implements Wire {
  readonly number: number;
  readonly record: WireRecord;
  readonly requests: Lane;
  readonly replies: Lane;
  /** Resolves when both sockets are gone. */
  readonly gone: Promise<void>;
  readonly #store: WireEvent['store'];
  readonly #client: Socket;
  readonly #upstream: Socket;
  #endedBy: Ender | undefined;
  #note: string | undefined;
  /** Nothing that still arrives counts: the tap, or one side, has ended it. */
  #isOver = false;
  #isClosed = false;

  constructor(
    client: Socket,
    upstream: { host: string; port: number },
    identity: { store: WireEvent['store']; number: number; record: WireRecord },
  ) {
    this.number = identity.number;
    this.record = identity.record;
    this.#store = identity.store;
    this.#client = client;
    this.#upstream = connect({ ...upstream, allowHalfOpen: true, noDelay: true });
    this.requests = new Lane(client, this.#upstream);
    this.replies = new Lane(this.#upstream, client);
    this.gone = Promise.all([closing(client), closing(this.#upstream)]).then(() => undefined);
  }

  /** Whether the client is still there. */
  get isOpen(): boolean {
    return !this.#isClosed;
  }

  /** Whether one of its lanes waits for something that is not sure to happen. */
  get isHeld(): boolean {
    return this.requests.isHeld || this.replies.isHeld;
  }

  /** Starts the traffic; the session must be ready for it. */
  attach(session: Session): void {
    const client = this.#client;
    const upstream = this.#upstream;
    client.on('data', (chunk: Buffer) => {
      if (this.#isOver) return;
      session.fromClient(chunk);
      this.flush();
    });
    upstream.on('data', (chunk: Buffer) => {
      if (this.#isOver) return;
      session.fromStore(chunk);
      this.flush();
    });
    client.on('end', () => {
      if (this.#isOver) return;
      this.#endedBy ??= 'client';
      session.clientEnded();
      // A client that gave up on a store that hangs: what it asked must not reach the store long after.
      if (this.isHeld) return this.cut();
      this.requests.end();
      this.flush();
    });
    upstream.on('end', () => {
      if (this.#isOver) return;
      this.#endedBy ??= 'store';
      session.storeEnded();
      this.replies.end();
      this.flush();
    });
    client.on('error', (error) => {
      this.#endedBy ??= 'client';
      this.#note ??= error.message;
    });
    upstream.on('error', (error) => {
      this.#endedBy ??= 'store';
      this.#note ??= error.message;
    });
    client.on('close', () => this.#close());
    upstream.on('close', (hadError) => {
      if (hadError) return this.reset();
      this.replies.put(() => {
        this.replies.flush();
        client.destroySoon();
        return undefined;
      });
    });
    this.flush();
  }

  flush(): void {
    this.requests.flush();
    this.replies.flush();
  }

  cut(note?: string): void {
    this.#end(note);
    this.#client.destroySoon();
  }

  /** Ends the connection at once: the client sees ECONNRESET. */
  reset(note?: string): void {
    this.#end(note);
    // libuv cannot reset a socket that has been shut down, and Node would then leave it open for good.
    if (this.#client.writableEnded) this.#client.destroy();
    else if (!this.#client.destroyed) this.#client.resetAndDestroy();
  }

  #end(note: string | undefined): void {
    this.replies.flush();
    this.#isOver = true;
    this.#endedBy ??= 'tap';
    this.#note ??= note;
    this.requests.dispose();
    this.replies.dispose();
    this.#upstream.destroy();
    // What the client may still send would otherwise keep its socket from closing.
    this.#client.resume();
  }

  #close(): void {
    this.#isClosed = true;
    this.#endedBy ??= 'client';
    this.#end(undefined);
    const at = this.record.now();
    this.record.start({
      store: this.#store,
      kind: 'disconnect',
      seq: -1,
      connection: this.number,
      startedAt: at,
      endedAt: at,
      by: this.#endedBy,
      ...(this.#note === undefined ? {} : { note: this.#note }),
    });
  }
}

function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}
