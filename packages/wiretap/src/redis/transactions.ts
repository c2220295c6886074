import type { RedisEvent, RedisReply } from '../events.ts';
import type { WireRecord } from '../record.ts';

/** From a MULTI to its EXEC or DISCARD. */
export interface Transaction {
  readonly number: number;
  /** The commands the store has queued, in the order in which EXEC will answer for them. */
  readonly queued: RedisEvent[];
}

/** Which of a connection's commands belong to a transaction. */
export class Transactions {
  readonly #record: WireRecord;
  #open: Transaction | undefined;

  constructor(record: WireRecord) {
    this.#record = record;
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** The transaction that the command opens, is in, or ends. To be asked once for each command, in order. */
  of(name: string): Transaction | undefined {
    if (this.#open === undefined) {
      if (name === 'MULTI') this.#open = { number: this.#record.nextTransaction(), queued: [] };
      return this.#open;
    }
    const current = this.#open;
    if (name === 'EXEC' || name === 'DISCARD' || name === 'RESET') this.#open = undefined;
    return current;
  }

  /** The MULTI just asked about is not sent. */
  cancel(): void {
    this.#open = undefined;
  }
}

/** Notes the reply to a command of a transaction; EXEC's array holds those of all that were queued. */
export function settleTransaction(
  record: WireRecord,
  transaction: Transaction,
  event: RedisEvent,
  reply: RedisReply,
): void {
  if (reply === 'QUEUED') transaction.queued.push(event);
  if (event.name !== 'EXEC' || !Array.isArray(reply)) return;
  const at = record.now();
  for (const [index, queued] of transaction.queued.entries()) {
    const element = reply[index];
    if (element === undefined) return;
    queued.reply = element;
    queued.endedAt = at;
    record.end(queued);
  }
}
