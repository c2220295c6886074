import type { Wire } from './connection.ts';
import type { WireEvent } from './events.ts';
import { Fifo } from './fifo.ts';
import type { Forecast } from './weather.ts';

/** A request on its way to the store, and what is to become of its reply. */
export interface Exchange {
  /** Absent for the tap's own requests. */
  event?: WireEvent;
  /** What goes to the store: the client's bytes, or others in their place. */
  request: Buffer;
  /** What the client gets in place of the store's reply. */
  answer?: Buffer;
  /** The store is not asked at all; `answer` is given when its turn comes. */
  isLocal?: boolean;
  /** No reply follows, by the rules of the protocol. */
  isSilent?: boolean;
  /** The connection ends after the answer. */
  isLast?: boolean;
  forecast?: Forecast<unknown> | undefined;
}

const NOTHING = Buffer.alloc(0);

/**
 * The requests of one connection that wait for their replies, which come in the same order. What the weather holds
 * up, or answers in the store's place, keeps its turn in that order.
 */
export class Exchanges<X extends Exchange> {
  readonly #connection: Wire;
  readonly #waiting = new Fifo<X>();
  /** Of the head's reply: whether some of it has been passed on. */
  #isBegun = false;
  /** Of the head's reply: after how many bytes it is to be cut. */
  #cutAfter = Infinity;
  /** Of the head's reply: its beginning, kept until it is known to be longer than where it is to be cut. */
  #uncut: Buffer = NOTHING;
  #isCut = false;
  #isAbandoned = false;

  constructor(connection: Wire) {
    this.#connection = connection;
  }

  /** The request whose reply comes next. */
  get head(): X | undefined {
    return this.#waiting.first;
  }

  submit(exchange: X): void {
    const { requests } = this.#connection;
    if (exchange.forecast) for (const gate of exchange.forecast.before) requests.put(gate);
    requests.put(() => this.#send(exchange), exchange.request.length);
  }

  /** Some bytes of the head's reply. */
  reply(bytes: Buffer): void {
    const head = this.#waiting.first;
    if (head === undefined) {
      this.#connection.replies.put(bytes);
      return;
    }
    if (head.event) head.event.replyBytes = (head.event.replyBytes ?? 0) + bytes.length;
    if (head.answer === undefined) this.#deliver(head, bytes);
  }

  /** The head's reply is complete. `weight`: how many bytes of it the event holds. */
  complete(weight = 0): void {
    const head = this.#waiting.first;
    if (head === undefined) return;
    if (head.answer !== undefined) this.#deliver(head, head.answer);
    this.#settle(head, weight);
    this.#answerLocals();
  }

  /** Bytes from the store that answer no request, with a weather of their own. */
  outOfBand(bytes: Buffer, forecast: Forecast<unknown> | undefined): void {
    if (forecast) {
      for (const gate of forecast.before) this.#connection.replies.put(gate);
      this.#passGates(forecast);
    }
    const cutAfter = soonestCut(forecast);
    if (cutAfter === Infinity) this.#connection.replies.put(bytes);
    else this.#cut(bytes.subarray(0, Math.min(cutAfter, bytes.length - 1)));
  }

  /** From here on replies cannot be told apart, so nothing waits for one any more. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#waiting.clear();
  }

  /** Runs when all gates before the request are open. */
  #send(exchange: X): Buffer | undefined {
    if (exchange.isSilent) {
      this.#ended(exchange, 0);
    } else if (exchange.isLocal) {
      this.#waiting.push(exchange);
      this.#answerLocals();
      this.#connection.replies.flush();
    } else if (!this.#isAbandoned) {
      this.#waiting.push(exchange);
    }
    return exchange.isLocal ? undefined : exchange.request;
  }

  #answerLocals(): void {
    for (let head = this.#waiting.first; head?.isLocal; head = this.#waiting.first) {
      this.#deliver(head, head.answer ?? NOTHING);
      this.#settle(head, 0);
      if (head.isLast) {
        this.#connection.replies.end();
        this.#connection.requests.end();
      }
    }
  }

  #deliver(head: X, bytes: Buffer): void {
    const { forecast } = head;
    if (forecast === undefined) {
      this.#connection.replies.put(bytes);
      return;
    }
    if (!this.#isBegun) {
      this.#isBegun = true;
      this.#passGates(forecast);
      this.#cutAfter = soonestCut(forecast);
    }
    if (this.#cutAfter === Infinity) {
      this.#connection.replies.put(bytes);
      return;
    }
    if (this.#isCut) return;
    this.#uncut = Buffer.concat([this.#uncut, bytes]);
    if (this.#uncut.length > this.#cutAfter) this.#cut(this.#uncut.subarray(0, this.#cutAfter));
  }

  #settle(head: X, weight: number): void {
    // A reply that is no longer than where it is to be cut loses its last byte, so that it never arrives whole.
    if (this.#uncut.length > 0 && !this.#isCut) this.#cut(this.#uncut.subarray(0, -1));
    this.#waiting.shift();
    this.#isBegun = false;
    this.#uncut = NOTHING;
    this.#ended(head, weight);
  }

  #passGates(forecast: Forecast<unknown>): void {
    for (const makeGate of forecast.after) this.#connection.replies.put(makeGate());
  }

  #cut(beginning: Buffer): void {
    this.#isCut = true;
    this.#connection.replies.put(beginning);
    this.#connection.replies.put(() => {
      this.#connection.cut('cut in the middle of a reply by the weather');
      return undefined;
    });
  }

  #ended({ event }: X, weight: number): void {
    if (event === undefined) return;
    event.endedAt = this.#connection.record.now();
    this.#connection.record.end(event, weight);
  }
}

function soonestCut(forecast: Forecast<unknown> | undefined): number {
  return Math.min(...(forecast?.cuts ?? []).map((cut) => cut()));
}
