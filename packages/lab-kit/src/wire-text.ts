import type { MysqlEvent, RedisEvent, RedisReply } from '@workshop/wiretap';

/** Longest text of one value in a transcript, characters; terminals cut further, to their width. */
const longest = 400;
/** What is longer is a value, not a key, bytes. */
const longestKey = 300;

export function sqlText(event: MysqlEvent): string {
  const sql = (event.sql ?? event.kind).replace(/\s+/g, ' ').trim();
  if (event.kind === 'prepare') return oneLine(`PREPARE ${sql}`);
  if (event.kind !== 'execute' || !event.params?.length) return oneLine(sql);
  return oneLine(`${sql}  [${event.params.map(paramText).join(', ')}]`);
}

export function sqlReply(event: MysqlEvent): string {
  const result = event.result;
  // A statement that was prepared has no result of its own; that it ended is its reply.
  if (!result) return event.kind === 'prepare' ? 'prepared' : 'no reply';
  if ('error' in result) return oneLine(`error ${result.error.code}: ${result.error.message}`);
  if ('rows' in result) return count(result.rows, 'row');
  return `${count(result.affectedRows, 'row')} changed`;
}

export function commandText(event: RedisEvent): string {
  return oneLine([event.name ?? '', ...(event.args ?? []).map(argumentText)].join(' '));
}

export function commandReply(event: RedisEvent): string {
  return event.reply === undefined ? 'no reply' : oneLine(replyText(event.reply));
}

function replyText(reply: RedisReply): string {
  if (reply === null) return 'nil';
  if (Buffer.isBuffer(reply)) return sized(reply);
  if (typeof reply === 'string') return reply.length > 60 ? sized(Buffer.from(reply)) : reply;
  if (Array.isArray(reply))
    return reply.length > 4 ? count(reply.length, 'element') : `[${reply.map(replyText).join(', ')}]`;
  if (typeof reply === 'object' && 'error' in reply) return `error: ${reply.error}`;
  if (reply instanceof Map) return count(reply.size, 'field');
  return String(reply);
}

/** Keys, options and numbers tell one command from another; a stored value is shown by its size. */
function argumentText(argument: Buffer): string {
  if (argument.length <= 60) return argument.toString('utf8');
  return argument.length > longestKey
    ? sized(argument)
    : `${argument.toString('utf8', 0, 40)}...${sized(argument)}`;
}

function sized(value: Buffer): string {
  const kib = value.length / 1024;
  return value.length > 60
    ? `<${kib >= 1 ? `${kib.toFixed(1)} KiB` : `${value.length} bytes`}>`
    : value.toString('utf8');
}

function paramText(param: unknown): string {
  if (typeof param === 'string') return `'${param}'`;
  return Buffer.isBuffer(param) ? `x'${param.toString('hex')}'` : String(param);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Bytes from the wire may hold anything: control characters would reach the terminal. */
function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}]/gu, '·');
  return line.length > longest ? `${line.slice(0, longest - 3)}...` : line;
}
