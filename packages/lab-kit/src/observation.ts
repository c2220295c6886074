import type { MysqlEvent, RedisEvent, WireEvent } from '@workshop/wiretap';

/** What crossed the wire in some span, seen the way checks ask about it. */
export class Observation {
  readonly events: readonly WireEvent[];

  constructor(events: readonly WireEvent[]) {
    this.events = events;
  }

  get mysql(): MysqlEvent[] {
    return this.events.filter((event): event is MysqlEvent => event.store === 'mysql');
  }

  get redis(): RedisEvent[] {
    return this.events.filter(
      (event): event is RedisEvent => event.store === 'redis' && event.kind === 'command',
    );
  }

  /** Statements that asked MySQL for rows of a table, as text or by a prepared statement. */
  get selects(): MysqlEvent[] {
    return this.mysql.filter((event) => isExecution(event) && readsTable(event.sql ?? ''));
  }

  /** Statements that MySQL was asked to run, of any kind. */
  get statements(): MysqlEvent[] {
    return this.mysql.filter(isExecution);
  }

  /** Rows that MySQL sent back for `selects`. */
  get rowsRead(): number {
    return this.selects.reduce((sum, event) => sum + rowsOf(event), 0);
  }

  /** New connections to MySQL in this span. */
  get mysqlConnects(): number {
    return this.mysql.filter((event) => event.kind === 'connect').length;
  }

  /** Redis commands by name, "SET", in order. */
  commands(...names: string[]): RedisEvent[] {
    return this.redis.filter((event) => names.includes(event.name ?? ''));
  }
}

function isExecution(event: MysqlEvent): boolean {
  return event.kind === 'query' || event.kind === 'execute';
}

/** A driver's own `SELECT 1` or `SELECT @@version` reads no table. */
function readsTable(sql: string): boolean {
  return (
    /^\s*(?:\/\*.*?\*\/\s*)*\(?\s*(?:select|with|table)\b/is.test(sql) && /\bfrom\b|^\s*table\b/i.test(sql)
  );
}

export function rowsOf(event: MysqlEvent): number {
  return event.result && 'rows' in event.result ? event.result.rows : 0;
}

export function errorOf(event: WireEvent): string | undefined {
  if (event.store === 'mysql')
    return event.result && 'error' in event.result ? event.result.error.message : undefined;
  const reply = event.reply;
  return reply !== null && typeof reply === 'object' && 'error' in reply ? reply.error : undefined;
}
