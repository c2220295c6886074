import type { MysqlEvent } from '../events.ts';
import type { WeatherStation } from '../weather.ts';
import { COM_CHANGE_USER, COM_STMT_CLOSE, commandInfo } from './commands.ts';
import type { Conversation, MysqlExchange, Phase } from './conversation.ts';
import { PacketError } from './cursor.ts';
import { readLogin } from './handshake.ts';
import { PacketReader, payloadOf } from './packet-reader.ts';
import { Reply } from './reply.ts';
import { describeRequest } from './request.ts';
import { encodeErrorPacket, errorDetail, type MysqlFailure } from './status-packets.ts';

const NOTHING = Buffer.alloc(0);

/** Reads what a MySQL client sends: its login, its commands, the files it is asked for. */
export class ClientSide {
  readonly #talk: Conversation;
  readonly #weather: WeatherStation<MysqlEvent, MysqlFailure>;
  readonly #reader = new PacketReader(0);
  #hasLoggedIn = false;
  /** The phase in which the packet that is being read began: it changes only between packets. */
  #packetPhase: Phase = 'login';
  /** A request's beginning: it goes on once it is whole and the weather has been asked. */
  #unfinished: Buffer[] = [];

  constructor(talk: Conversation, weather: WeatherStation<MysqlEvent, MysqlFailure>) {
    this.#talk = talk;
    this.#weather = weather;
    talk.onBlind(() => this.release());
  }

  read(chunk: Buffer): void {
    let start = 0;
    try {
      while (start < chunk.length && this.#talk.phase !== 'blind') {
        if (this.#reader.isBetween && !this.#reader.isUnfinished) this.#packetPhase = this.#talk.phase;
        const end = this.#reader.read(chunk, start);
        const piece = chunk.subarray(start, end);
        start = end;
        this.#take(piece);
      }
    } catch (error) {
      if (!(error instanceof PacketError)) throw error;
      this.#talk.goBlind(`what the client sent is not MySQL's protocol: ${error.message}`);
    }
    if (start < chunk.length) this.#talk.connection.requests.put(chunk.subarray(start));
  }

  /** Lets go of what has been kept back in the hope of more. */
  release(): void {
    for (const piece of this.#unfinished.splice(0)) this.#talk.connection.requests.put(piece);
  }

  #take(piece: Buffer): void {
    const { connection } = this.#talk;
    const phase = this.#packetPhase;
    if (phase === 'file') {
      connection.requests.put(piece);
      const isLast = this.#reader.isComplete && this.#reader.length === 0 && !this.#reader.isContinuation;
      if (isLast) this.#talk.phase = 'command';
      return;
    }
    if (phase === 'login' && this.#hasLoggedIn) {
      connection.requests.put(piece);
      return;
    }
    this.#unfinished.push(piece);
    if (!this.#reader.isComplete || this.#reader.isUnfinished) return;
    const packets = this.#unfinished.length === 1 ? piece : Buffer.concat(this.#unfinished);
    if (phase === 'login') this.#logIn(packets);
    this.#unfinished = [];
    if (phase === 'login') connection.requests.put(packets);
    else this.#command(packets);
  }

  #logIn(packets: Buffer): void {
    const { connectEvent, offered } = this.#talk;
    const { user, database, dialect } = readLogin(payloadOf(packets), offered);
    this.#hasLoggedIn = true;
    this.#talk.dialect = dialect;
    connectEvent.user = user;
    connectEvent.requestBytes = packets.length;
    if (database !== undefined) connectEvent.database = database;
  }

  #command(packets: Buffer): void {
    const { connection, dialect, statements, exchanges } = this.#talk;
    const { record, number } = connection;
    const payload = payloadOf(packets);
    const command = payload[0] ?? 0;
    const info = commandInfo(command);
    const event: MysqlEvent = {
      store: 'mysql',
      kind: info.kind,
      seq: -1,
      connection: number,
      startedAt: record.now(),
      command: info.name,
      requestBytes: packets.length,
    };
    record.start(
      event,
      describeRequest(event, payload, { dialect, statements, keepBytes: record.maxArgBytes }),
    );
    const forecast = this.#weather.forecast(event);
    const isSilent = info.reply === 'silent';
    const shape = info.reply === 'silent' || info.reply === 'stream' ? 'status' : info.reply;
    const exchange: MysqlExchange = {
      event,
      request: packets,
      reply: new Reply(shape, dialect),
      isSilent,
      forecast,
    };
    if (forecast?.failure) this.#fail(exchange, forecast.failure.error);
    else if (command === COM_CHANGE_USER) this.#talk.phase = 'login';
    else if (command === COM_STMT_CLOSE) statements.close(event.statement ?? 0);
    exchanges.submit(exchange);
    if (info.reply === 'stream') this.#talk.goBlind(`${info.name} is answered without end`);
  }

  #fail(exchange: MysqlExchange, failure: MysqlFailure): void {
    const error = errorDetail(failure);
    exchange.event.result = { error };
    exchange.answer = encodeErrorPacket(error, this.#reader.sequence + 1);
    exchange.request = NOTHING;
    exchange.isLocal = true;
  }
}
