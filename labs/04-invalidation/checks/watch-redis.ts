import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { Redis } from 'ioredis';

export interface RanCommand {
  name: string;
  /** By a script, which the wiretap does not see. */
  byScript: boolean;
}

export interface RedisWatch {
  /** What Redis has run in this database until now. */
  commands(): Promise<RanCommand[]>;
  end(): void;
}

/** `+1795270347.26 [9 127.0.0.1:46488] "get" "key"`; what is quoted has no line breaks in it. */
const told = /^\+[\d.]+ \[(\d+) (\S+)\] "([^"]*)"(.*)$/;

/**
 * Redis tells what it runs, by MONITOR: what a script calls never crosses the wire. Not by ioredis's `monitor()`, which
 * a server with other clients overtakes: it ends the process over a line that comes together with the OK.
 */
export async function watchRedis(redis: Redis): Promise<RedisWatch> {
  const { host, port, username, password, db } = redis.options;
  const socket = connect({ host: host ?? '127.0.0.1', port: port ?? 6_379 });
  const ran: RanCommand[] = [];
  let mark = '';
  let onMark = () => {};
  createInterface({ input: socket }).on('line', (line) => {
    const [, database, source, name = '', rest = ''] = told.exec(line) ?? [];
    if (rest.includes(mark)) onMark();
    if (database === String(db ?? 0)) ran.push({ name: name.toUpperCase(), byScript: source === 'lua' });
  });
  const commands = async () => {
    // What Redis ran before this mark, it has told before it tells of the mark.
    mark = randomUUID();
    const arrived = new Promise<void>((resolve, reject) => {
      onMark = resolve;
      socket.once('close', () => reject(new Error('Redis ended MONITOR')));
    });
    await redis.echo(mark);
    await arrived;
    return ran;
  };
  if (password) socket.write(request('AUTH', ...(username ? [username] : []), password));
  socket.write(request('MONITOR'));
  await new Promise<void>((resolve, reject) => {
    socket.once('data', () => resolve()).once('error', reject);
  });
  return { commands, end: () => void socket.destroy() };
}

function request(...parts: string[]): string {
  const texts = parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  return `*${parts.length}\r\n${texts.join('')}`;
}
