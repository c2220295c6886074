import type { Wire } from '../connection.ts';
import type { Exchanges } from '../exchanges.ts';
import type { RedisEvent } from '../events.ts';
import type { WeatherStation } from '../weather.ts';
import { encodeCommand, encodeError } from './encode.ts';
import type { RedisExchange } from './exchange.ts';
import type { Isolation } from './isolation.ts';
import { RespError } from './pieces.ts';
import { ReplyMode } from './reply-mode.ts';
import { RequestReader } from './request-reader.ts';
import { Transactions } from './transactions.ts';
import { readLimits } from './value-reader.ts';

const NOTHING = Buffer.alloc(0);
/** What is no command of the client's. */
const IDLE = { request: NOTHING, name: '', argCount: 0, isQueued: false };
const DISCARD = encodeCommand(['DISCARD']);
/** Wrong on purpose: a transaction that has seen an error does not run, as it would not after the error it stands for. */
const SPOILER = encodeCommand(['ECHO']);

/** Reads what a Redis client sends, records each command, and decides what goes to the store in its place. */
export class RequestSide {
  readonly #connection: Wire;
  readonly #exchanges: Exchanges<RedisExchange>;
  readonly #weather: WeatherStation<RedisEvent, string>;
  readonly #isolation: Isolation;
  readonly #reader: RequestReader;
  readonly #transactions: Transactions;
  readonly #replyMode = new ReplyMode();
  readonly #onBlind: () => void;
  /** A command's beginning from earlier chunks: it goes on once it is whole and has been judged. */
  #unfinished: Buffer[] = [];
  #state: 'reading' | 'blind' | 'closing' = 'reading';

  /** `onBlind`: called when the stream cannot be followed any longer, and its bytes only pass. */
  constructor(
    connection: Wire,
    exchanges: Exchanges<RedisExchange>,
    rules: { weather: WeatherStation<RedisEvent, string>; isolation: Isolation; onBlind: () => void },
  ) {
    this.#connection = connection;
    this.#exchanges = exchanges;
    this.#weather = rules.weather;
    this.#isolation = rules.isolation;
    this.#onBlind = rules.onBlind;
    this.#reader = new RequestReader(readLimits(connection.record.maxArgBytes));
    this.#transactions = new Transactions(connection.record);
    this.#logIn();
  }

  read(chunk: Buffer): void {
    let start = 0;
    try {
      while (start < chunk.length && this.#state === 'reading') {
        const end = this.#reader.read(chunk, start);
        this.#unfinished.push(chunk.subarray(start, end));
        start = end;
        if (this.#reader.isComplete) this.#submit(this.#finish());
      }
    } catch (error) {
      if (!(error instanceof RespError)) throw error;
      this.#misunderstood(error);
    }
    if (this.#state === 'blind' && start < chunk.length) this.#connection.requests.put(chunk.subarray(start));
  }

  /** Lets go of what has been kept back in the hope of more. */
  release(): void {
    for (const piece of this.#unfinished.splice(0)) this.#connection.requests.put(piece);
  }

  /** The tap's own commands. Their replies are for nobody. */
  #logIn(): void {
    for (const words of this.#isolation.opening) {
      const request = encodeCommand(words);
      this.#exchanges.submit({ ...IDLE, request, answer: NOTHING, name: String(words[0]) });
    }
  }

  #finish(): Buffer {
    const pieces = this.#unfinished;
    this.#unfinished = [];
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  }

  #submit(request: Buffer): void {
    const { name, args, argCount, argLengths, weight } = this.#reader;
    if (name === '') {
      this.#exchanges.submit({ ...IDLE, request, isSilent: true });
      return;
    }
    const { record, number } = this.#connection;
    const isQueued = this.#transactions.isOpen;
    const transaction = this.#transactions.of(name);
    const event: RedisEvent = {
      store: 'redis',
      kind: 'command',
      seq: -1,
      connection: number,
      startedAt: record.now(),
      name,
      args,
      requestBytes: request.length,
    };
    if (transaction) event.transaction = transaction.number;
    if (argLengths) event.shortened = { argLengths };
    if (argCount > args.length) event.shortened = { ...event.shortened, argCount };
    record.start(event, weight);
    const forecast = this.#weather.forecast(event);
    const exchange: RedisExchange = { event, request, name, argCount, transaction, isQueued, forecast };
    this.#judge(exchange, args, forecast?.failure?.error);
    exchange.isSilent = this.#replyMode.isSilent(name, args, exchange.isLocal !== true);
    this.#exchanges.submit(exchange);
    if (name === 'RESET' && exchange.answer === undefined) this.#logIn();
  }

  #judge(exchange: RedisExchange, args: Buffer[], failure: string | undefined): void {
    if (failure !== undefined) return this.#refuse(exchange, failure);
    const { name, event } = exchange;
    const rewritten = this.#isolation.rewrite(name, args);
    const verdict = rewritten ? { rewrite: rewritten } : (this.#isolation.guard?.(name, args) ?? 'pass');
    if (verdict === 'pass') return;
    const isRefused = 'refuse' in verdict;
    if (event) event.guarded = isRefused ? 'refused' : 'rewritten';
    if (isRefused) this.#refuse(exchange, verdict.refuse);
    else exchange.request = encodeCommand(verdict.rewrite);
  }

  #refuse(exchange: RedisExchange, error: string): void {
    const { name, event, transaction, isQueued } = exchange;
    exchange.answer = encodeError(error);
    if (event) event.reply = { error: error.replace(/^-/, '') };
    if (isQueued) {
      // The store must know of it: a refused command spoils the transaction, a refused end still ends it.
      const isEnd = name === 'EXEC' || name === 'DISCARD' || name === 'RESET';
      exchange.request = isEnd ? DISCARD : SPOILER;
      return;
    }
    if (transaction) this.#transactions.cancel();
    exchange.isLocal = true;
    exchange.request = NOTHING;
  }

  #misunderstood(error: RespError): void {
    const { record, number } = this.#connection;
    const note = `what the client sent is not RESP: ${error.message}`;
    const event: RedisEvent = {
      store: 'redis',
      kind: 'other',
      seq: -1,
      connection: number,
      startedAt: record.now(),
      note,
    };
    record.start(event);
    if (this.#isolation.guard === undefined) {
      this.#state = 'blind';
      this.release();
      this.#onBlind();
      return;
    }
    // Bytes that cannot be read could hold what the guard is there to refuse. The tap says and does what Redis would.
    this.#state = 'closing';
    const answer = encodeError(`ERR Protocol error: ${error.message}`);
    this.#exchanges.submit({ ...IDLE, event, answer, isLocal: true, isLast: true });
  }
}
