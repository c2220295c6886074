import type { Wire } from '../connection.ts';
import { Exchanges, type Exchange } from '../exchanges.ts';
import type { MysqlEvent } from '../events.ts';
import { dialectOf, type Dialect } from './capabilities.ts';
import type { Reply } from './reply.ts';
import { Statements } from './statements.ts';

/** A MySQL command that waits for its reply. Its event is always there: the tap asks nothing itself. */
export interface MysqlExchange extends Exchange {
  event: MysqlEvent;
  reply: Reply;
}

/**
 * What the next bytes of the client are: an answer in the login, a command, part of a file the server asked for; or
 * nothing that can be told, and they only pass.
 */
export type Phase = 'login' | 'command' | 'file' | 'blind';

/** What both directions of a connection need to know of each other. */
export class Conversation {
  readonly connection: Wire;
  readonly exchanges: Exchanges<MysqlExchange>;
  readonly statements: Statements;
  readonly connectEvent: MysqlEvent;
  phase: Phase = 'login';
  /** What the server's greeting offered. */
  offered = 0;
  dialect: Dialect = dialectOf(0);
  readonly #releases: (() => void)[] = [];

  constructor(connection: Wire, connectEvent: MysqlEvent) {
    this.connection = connection;
    this.connectEvent = connectEvent;
    this.exchanges = new Exchanges(connection);
    this.statements = new Statements(connection.record.maxArgBytes);
  }

  /** `release` lets go of what a side keeps back in the hope of more. */
  onBlind(release: () => void): void {
    this.#releases.push(release);
  }

  /** From here on bytes only pass, in both directions. */
  goBlind(reason: string): void {
    if (this.phase === 'blind') return;
    this.phase = 'blind';
    this.note(reason);
    for (const release of this.#releases) release();
    this.exchanges.abandon();
  }

  /** Records something that is no command. */
  note(note: string, details: Pick<MysqlEvent, 'result'> = {}): void {
    const { record, number } = this.connection;
    const at = record.now();
    record.start({
      store: 'mysql',
      kind: 'other',
      seq: -1,
      connection: number,
      startedAt: at,
      endedAt: at,
      note,
      ...details,
    });
  }
}
