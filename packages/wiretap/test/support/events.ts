import type { MysqlEvent, RedisEvent, WireRecord } from '../../src/index.ts';

/** The Redis commands on record, without those of ioredis's own start. */
export function commands(record: WireRecord): RedisEvent[] {
  return record.events.filter(
    (event): event is RedisEvent => event.store === 'redis' && event.kind === 'command' && !isGreeting(event),
  );
}

/** `SET key value`, with the reply. */
export function lines(record: WireRecord): string[] {
  return commands(record).map(
    (event) => `${[event.name, ...(event.args ?? [])].join(' ')} -> ${show(event.reply)}`,
  );
}

export function mysqlEvents(record: WireRecord, kind: MysqlEvent['kind']): MysqlEvent[] {
  return record.events.filter((event): event is MysqlEvent => event.store === 'mysql' && event.kind === kind);
}

/** Waits for the command's reply to be on record. */
export async function replied(record: WireRecord, name: string): Promise<RedisEvent> {
  return record.waitFor(
    (event): event is RedisEvent =>
      event.store === 'redis' &&
      event.name === name &&
      event.kind === 'command' &&
      event.endedAt !== undefined,
    { timeoutMs: 10_000, what: `the reply to ${name}` },
  );
}

function isGreeting({ name, args }: RedisEvent): boolean {
  return (
    name === 'HELLO' ||
    name === 'INFO' ||
    (name === 'CLIENT' && String(args?.[0]).toUpperCase() === 'SETINFO')
  );
}

export function show(reply: unknown): string {
  if (reply instanceof Buffer) return `"${reply.toString()}"`;
  if (Array.isArray(reply)) return `[${reply.map(show).join(', ')}]`;
  if (reply instanceof Map)
    return `{${[...reply].map(([key, value]) => `${String(key)}: ${show(value)}`).join(', ')}}`;
  if (typeof reply === 'object' && reply !== null && 'error' in reply) return `(${String(reply.error)})`;
  return String(reply);
}
