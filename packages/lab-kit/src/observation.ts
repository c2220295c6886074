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

  /** Statements that MySQL was asked to run, of any kind, as text or prepared before. */
  get statements(): MysqlEvent[] {
    return this.mysql.filter((event) => event.kind === 'query' || event.kind === 'execute');
  }

  /** Statements that read rows: not those about the plan, the session or the server. */
  get selects(): MysqlEvent[] {
    return this.statements.filter((event) => readsRows(event.sql ?? ''));
  }

  /** Rows that MySQL sent back for `selects`. */
  get rowsRead(): number {
    return this.selects.reduce((sum, event) => sum + rowsOf(event), 0);
  }

  /** New connections to MySQL in this span. */
  get mysqlConnects(): number {
    return this.mysql.filter((event) => event.kind === 'connect').length;
  }

  /** New connections to Redis in this span. */
  get redisConnects(): number {
    return this.events.filter((event) => event.store === 'redis' && event.kind === 'connect').length;
  }

  /** Redis commands by name, "SET", in order. */
  commands(...names: string[]): RedisEvent[] {
    return this.redis.filter((event) => names.includes(event.name ?? ''));
  }
}

/** A statement without the comments before it, which may stand in front of any. */
export function withoutComments(sql: string): string {
  return sql.replace(/^(?:\s+|\/\*.*?\*\/|(?:--\s|#)[^\n]*(?:\n|$))+/s, '');
}

/** A driver's own `SELECT 1` or `SELECT @@version` reads no table. */
function readsRows(sql: string): boolean {
  const text = withoutComments(sql);
  return /^\(*\s*(?:select|with)\b.*\bfrom\b/is.test(text) || /^\(*\s*(?:table|call|execute)\b/i.test(text);
}

/** Over all results, where a statement brought more than one. */
export function rowsOf(event: MysqlEvent): number {
  const results = event.results ?? (event.result ? [event.result] : []);
  return results.reduce((sum, result) => sum + ('rows' in result ? result.rows : 0), 0);
}

export function errorOf(event: WireEvent): string | undefined {
  if (event.store === 'mysql')
    return event.result && 'error' in event.result ? event.result.error.message : undefined;
  const reply = event.reply;
  return reply !== null && typeof reply === 'object' && 'error' in reply ? reply.error : undefined;
}
