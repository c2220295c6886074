import type { Conversation, MysqlExchange } from './conversation.ts';
import { PacketError } from './cursor.ts';
import { readableGreeting } from './handshake.ts';
import { FULL_PACKET, PacketReader } from './packet-reader.ts';
import { EOF, ERR, readError } from './status-packets.ts';

/** No packet that must be read whole is longer: definitions, statuses, errors. */
const KEEP_BYTES = 64 * 1024;

/** Reads what a MySQL server sends: its greeting, and the replies, which it gives to the commands in order. */
export class StoreSide {
  readonly #talk: Conversation;
  readonly #reader = new PacketReader(KEEP_BYTES);
  #hasGreeted = false;
  /** The greeting's beginning: it goes on, changed, once it is whole. */
  #greeting: Buffer[] = [];
  /** Whether no reply was waited for when the packet began. */
  #isUnasked = false;

  constructor(talk: Conversation) {
    this.#talk = talk;
    talk.onBlind(() => this.release());
  }

  read(chunk: Buffer): void {
    let start = 0;
    try {
      while (start < chunk.length && this.#talk.phase !== 'blind') {
        const end = this.#passRows(chunk, start);
        if (end > start) {
          start = end;
          continue;
        }
        if (this.#reader.isBetween) this.#isUnasked = this.#talk.exchanges.head === undefined;
        start = this.#reader.read(chunk, start);
        this.#take(chunk.subarray(end, start));
      }
    } catch (error) {
      if (!(error instanceof PacketError)) throw error;
      this.#talk.goBlind(`what the store sent is not MySQL's protocol: ${error.message}`);
    }
    if (start < chunk.length) this.#talk.connection.replies.put(chunk.subarray(start));
  }

  /** Lets go of what has been kept back in the hope of more. */
  release(): void {
    for (const piece of this.#greeting.splice(0)) this.#talk.connection.replies.put(piece);
  }

  /** Passes the rows that lie whole in this chunk, reading only their lengths; returns the position after them. */
  #passRows(chunk: Buffer, start: number): number {
    const head = this.#talk.exchanges.head;
    if (!head?.reply.isInRows || !this.#reader.isBetween || this.#reader.isUnfinished) return start;
    let at = start;
    let rows = 0;
    while (at + 4 < chunk.length) {
      const length = chunk[at]! + (chunk[at + 1]! << 8) + (chunk[at + 2]! << 16);
      const end = at + 4 + length;
      if (length === 0 || length === FULL_PACKET || end > chunk.length || chunk[at + 4]! >= EOF) break;
      rows += 1;
      at = end;
    }
    if (rows === 0) return start;
    head.reply.countRows(rows, at - start);
    this.#talk.exchanges.reply(chunk.subarray(start, at));
    return at;
  }

  #take(piece: Buffer): void {
    if (!this.#hasGreeted) return this.#greet(piece);
    if (this.#isUnasked) return this.#unasked(piece);
    const { exchanges } = this.#talk;
    exchanges.reply(piece);
    const { isComplete, isContinuation, payload, length } = this.#reader;
    const { head } = exchanges;
    if (!isComplete || head === undefined) return;
    if (isContinuation) return head.reply.continuation(length);
    const isLast = head.reply.packet(payload, length);
    if (head.reply.wantsFile) this.#talk.phase = 'file';
    if (isLast) this.#settle(head);
  }

  #greet(piece: Buffer): void {
    this.#greeting.push(piece);
    if (!this.#reader.isComplete) return;
    const { exchanges } = this.#talk;
    const { payload, length } = this.#reader;
    const packet = Buffer.concat(this.#greeting);
    const { head } = exchanges;
    const greeting = payload[0] === ERR ? undefined : readableGreeting(packet);
    if (greeting) this.#talk.offered = greeting.capabilities;
    this.#hasGreeted = true;
    this.#greeting = [];
    exchanges.reply(greeting?.packet ?? packet);
    if (greeting === undefined && head?.reply.packet(payload, length)) this.#settle(head);
  }

  /** A server says something of its own accord only to take leave, and then with an error. */
  #unasked(piece: Buffer): void {
    this.#talk.connection.replies.put(piece);
    const { isComplete, payload } = this.#reader;
    if (!isComplete) return;
    const details = payload[0] === ERR ? { result: { error: readError(payload) } } : {};
    this.#talk.note('the store said this unasked', details);
  }

  #settle({ event, reply }: MysqlExchange): void {
    const { results, prepared } = reply;
    const [first] = results;
    const isOk = first === undefined || !('error' in first);
    if (first) event.result = first;
    if (results.length > 1) event.results = results;
    if (prepared) {
      event.statement = prepared.id;
      this.#talk.statements.add(prepared.id, event.sql ?? '', prepared.params);
    }
    if (event.kind === 'change-user' || (event.kind === 'connect' && isOk)) this.#talk.phase = 'command';
    if (isOk && (event.kind === 'change-user' || event.kind === 'reset')) this.#talk.statements.clear();
    this.#talk.exchanges.complete();
  }
}
