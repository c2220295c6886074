import type { Wire } from '../connection.ts';
import type { Exchanges } from '../exchanges.ts';
import type { RedisEvent, RedisReply } from '../events.ts';
import type { WeatherStation } from '../weather.ts';
import { isErrorReply, type RedisExchange } from './exchange.ts';
import { RespError } from './pieces.ts';
import { isMessage, isSubscription, sortOf, Subscriptions } from './subscriptions.ts';
import { settleTransaction } from './transactions.ts';
import { readLimits, ValueReader } from './value-reader.ts';

const PUSH_TYPE = 62;
const MONITOR_LINE = /^\d+\.\d{6} \[/;

/** Reads what a Redis server sends, and tells replies, which it gives to the commands in order, from pushes. */
export class ReplySide {
  readonly #connection: Wire;
  readonly #exchanges: Exchanges<RedisExchange>;
  readonly #weather: WeatherStation<RedisEvent, string>;
  readonly #reader: ValueReader;
  readonly #subscriptions = new Subscriptions();
  #protocol: 2 | 3 = 2;
  #isMonitoring = false;
  /** Whether the value being read must be whole before it is known whose it is; till then it is kept back here. */
  #isUndecided = false;
  /** Whether no reply was waited for when it began. */
  #isUnasked = false;
  #undecided: Buffer[] = [];
  #isBlind = false;

  constructor(
    connection: Wire,
    exchanges: Exchanges<RedisExchange>,
    weather: WeatherStation<RedisEvent, string>,
  ) {
    this.#connection = connection;
    this.#exchanges = exchanges;
    this.#weather = weather;
    this.#reader = new ValueReader(readLimits(connection.record.maxArgBytes));
  }

  read(chunk: Buffer): void {
    let start = 0;
    try {
      while (start < chunk.length && !this.#isBlind) {
        if (this.#reader.isBetween) this.#begin(chunk[start]!);
        const end = this.#reader.read(chunk, start);
        this.#take(chunk.subarray(start, end));
        start = end;
      }
    } catch (error) {
      if (!(error instanceof RespError)) throw error;
      this.#misunderstood(error);
    }
    if (this.#isBlind && start < chunk.length) this.#connection.replies.put(chunk.subarray(start));
  }

  /** Lets go of what has been kept back in the hope of more. */
  release(): void {
    for (const piece of this.#undecided.splice(0)) this.#connection.replies.put(piece);
  }

  /** From here on bytes only pass. */
  goBlind(): void {
    this.#isBlind = true;
    this.release();
    this.#exchanges.abandon();
  }

  /** A value begins: may it be none of the replies that are waited for? */
  #begin(type: number): void {
    this.#isUnasked = this.#exchanges.head === undefined;
    const isSubscribed = this.#protocol === 2 && !this.#subscriptions.isEmpty;
    this.#isUndecided = this.#isUnasked || type === PUSH_TYPE || this.#isMonitoring || isSubscribed;
  }

  /** A piece of the value that is being read, or the last of it. */
  #take(piece: Buffer): void {
    const { isComplete } = this.#reader;
    if (!this.#isUndecided) {
      this.#exchanges.reply(piece);
      if (isComplete) this.#settle();
      return;
    }
    this.#undecided.push(piece);
    if (!isComplete) return;
    const pieces = this.#undecided;
    this.#undecided = [];
    const bytes = pieces.length === 1 ? piece : Buffer.concat(pieces);
    if (this.#isUnasked || this.#isPush()) return this.#push(bytes);
    this.#exchanges.reply(bytes);
    this.#settle();
  }

  #isPush(): boolean {
    const { value, type } = this.#reader;
    const name = this.#exchanges.head?.name ?? '';
    if (type === PUSH_TYPE) return !isSubscription(name) || sortOf(value) !== name.toLowerCase();
    if (typeof value === 'string') return this.#isMonitoring && MONITOR_LINE.test(value);
    return isMessage(value);
  }

  #push(bytes: Buffer): void {
    const { value, weight, isShortened } = this.#reader;
    const { record, number } = this.#connection;
    const at = record.now();
    const event: RedisEvent = {
      store: 'redis',
      kind: 'push',
      seq: -1,
      connection: number,
      startedAt: at,
      endedAt: at,
      reply: value,
      replyBytes: bytes.length,
    };
    const name = this.#isMonitoring ? 'monitor' : sortOf(value);
    if (name === undefined) Object.assign(event, { kind: 'other', note: 'the store said this unasked' });
    else event.name = name;
    if (isShortened) event.shortened = { reply: true };
    record.start(event, weight);
    this.#exchanges.outOfBand(bytes, this.#weather.forecast(event));
  }

  /** The reader has a whole value, and it is for the head. */
  #settle(): void {
    const { value, weight, isShortened } = this.#reader;
    const { head } = this.#exchanges;
    if (head?.event === undefined) {
      if (isErrorReply(value))
        this.#connection.cut(`the store refused the tap's ${head?.name}: ${value.error}`);
    } else if (head.answer === undefined) {
      head.event.reply = this.#confirmed(head, value);
      if (isShortened) head.event.shortened = { ...head.event.shortened, reply: true };
      if (head.expected !== undefined && head.confirmations!.length < head.expected) return;
      if (!isErrorReply(value)) this.#follow(head, head.event, value);
    }
    this.#exchanges.complete(weight);
  }

  /** The reply so far: most commands have one, (un)subscribing ones have one for each name. */
  #confirmed(head: RedisExchange, value: RedisReply): RedisReply {
    if (!isSubscription(head.name) || sortOf(value) !== head.name.toLowerCase()) return value;
    head.expected ??= this.#subscriptions.expected(head.name, head.argCount);
    head.confirmations ??= [];
    head.confirmations.push(value);
    this.#subscriptions.confirm(head.name, value);
    return head.expected === 1 ? value : head.confirmations;
  }

  /** What the success of a command means for what comes after it. */
  #follow(head: RedisExchange, event: RedisEvent, value: RedisReply): void {
    if (head.transaction) settleTransaction(this.#connection.record, head.transaction, event, value);
    if (value === 'QUEUED') return;
    switch (head.name) {
      case 'HELLO': {
        const version = event.args?.[0]?.toString();
        if (version === '2' || version === '3') this.#protocol = version === '3' ? 3 : 2;
        break;
      }
      case 'MONITOR':
        this.#isMonitoring = true;
        break;
      case 'RESET':
        this.#protocol = 2;
        this.#isMonitoring = false;
        this.#subscriptions.clear();
        break;
    }
  }

  #misunderstood(error: RespError): void {
    const { record, number } = this.#connection;
    const note = `what the store sent is not RESP: ${error.message}`;
    record.start({
      store: 'redis',
      kind: 'other',
      seq: -1,
      connection: number,
      startedAt: record.now(),
      note,
    });
    this.goBlind();
  }
}
