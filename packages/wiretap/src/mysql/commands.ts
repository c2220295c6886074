import type { MysqlEventKind } from '../events.ts';
import type { ReplyShape } from './reply.ts';

/** What there is to know about a command before its payload is read. `silent`: the server never replies. */
export interface CommandInfo {
  name: string;
  kind: MysqlEventKind;
  reply: ReplyShape | 'silent' | 'stream';
}

export const COM_QUIT = 0x01;
export const COM_INIT_DB = 0x02;
export const COM_QUERY = 0x03;
export const COM_CHANGE_USER = 0x11;
export const COM_STMT_PREPARE = 0x16;
export const COM_STMT_EXECUTE = 0x17;
export const COM_STMT_SEND_LONG_DATA = 0x18;
export const COM_STMT_CLOSE = 0x19;
export const COM_STMT_RESET = 0x1a;
export const COM_STMT_FETCH = 0x1c;
export const COM_RESET_CONNECTION = 0x1f;
export const COM_STMT_BULK_EXECUTE = 0xfa;

const COMMANDS = new Map<number, CommandInfo>([
  [COM_QUIT, { name: 'COM_QUIT', kind: 'quit', reply: 'silent' }],
  [COM_INIT_DB, { name: 'COM_INIT_DB', kind: 'init-db', reply: 'status' }],
  [COM_QUERY, { name: 'COM_QUERY', kind: 'query', reply: 'results' }],
  [0x04, { name: 'COM_FIELD_LIST', kind: 'other', reply: 'columns' }],
  [0x09, { name: 'COM_STATISTICS', kind: 'other', reply: 'text' }],
  [0x0a, { name: 'COM_PROCESS_INFO', kind: 'other', reply: 'results' }],
  [0x0c, { name: 'COM_PROCESS_KILL', kind: 'other', reply: 'status' }],
  [0x0d, { name: 'COM_DEBUG', kind: 'other', reply: 'status' }],
  [0x0e, { name: 'COM_PING', kind: 'ping', reply: 'status' }],
  [COM_CHANGE_USER, { name: 'COM_CHANGE_USER', kind: 'change-user', reply: 'login' }],
  [0x12, { name: 'COM_BINLOG_DUMP', kind: 'other', reply: 'stream' }],
  [0x1e, { name: 'COM_BINLOG_DUMP_GTID', kind: 'other', reply: 'stream' }],
  [COM_STMT_PREPARE, { name: 'COM_STMT_PREPARE', kind: 'prepare', reply: 'prepared' }],
  [COM_STMT_EXECUTE, { name: 'COM_STMT_EXECUTE', kind: 'execute', reply: 'results' }],
  [COM_STMT_SEND_LONG_DATA, { name: 'COM_STMT_SEND_LONG_DATA', kind: 'other', reply: 'silent' }],
  [COM_STMT_CLOSE, { name: 'COM_STMT_CLOSE', kind: 'close-statement', reply: 'silent' }],
  [COM_STMT_RESET, { name: 'COM_STMT_RESET', kind: 'other', reply: 'status' }],
  [0x1b, { name: 'COM_SET_OPTION', kind: 'other', reply: 'status' }],
  [COM_STMT_FETCH, { name: 'COM_STMT_FETCH', kind: 'other', reply: 'rows' }],
  [COM_RESET_CONNECTION, { name: 'COM_RESET_CONNECTION', kind: 'reset', reply: 'status' }],
  [0x20, { name: 'COM_CLONE', kind: 'other', reply: 'stream' }],
  [COM_STMT_BULK_EXECUTE, { name: 'COM_STMT_BULK_EXECUTE', kind: 'execute', reply: 'results' }],
]);

/** Unknown commands get a status: an error, from a server that does not know them either. */
export function commandInfo(command: number): CommandInfo {
  const name = `command 0x${command.toString(16).padStart(2, '0')}`;
  return COMMANDS.get(command) ?? { name, kind: 'other', reply: 'status' };
}
