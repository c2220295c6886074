import {
  CLIENT_CONNECT_WITH_DB,
  CLIENT_LONG_PASSWORD,
  CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA,
  CLIENT_PROTOCOL_41,
  CLIENT_SECURE_CONNECTION,
  dialectOf,
  MARIADB_CLIENT_PROGRESS_OBSOLETE,
  UNREADABLE,
  type Dialect,
} from './capabilities.ts';
import { Cursor, PacketError } from './cursor.ts';

/** A server's greeting as a client of the tap gets it. */
export interface Greeting {
  packet: Buffer;
  /** What it offers. */
  capabilities: number;
}

/**
 * Takes the server's greeting, a whole packet, and leaves out the offers that would make the rest unreadable: TLS,
 * compression, and MariaDB's own capabilities (https://mariadb.com/kb/en/connection/). A copy of the same length.
 */
export function readableGreeting(packet: Buffer): Greeting {
  const cursor = new Cursor(packet, 4);
  const version = cursor.uint(1);
  if (version !== 10) throw new PacketError(`a greeting of protocol version ${version}`);
  cursor.textToNul();
  // Thread id, the first part of the scramble, a filler.
  cursor.skip(4 + 8 + 1);
  const at = packet.length - cursor.remaining;
  const low = cursor.uint(2);
  // Character set, status.
  cursor.skip(1 + 2);
  const offered = low + cursor.uint(2) * 0x1_0000;
  // The length of the scramble, then ten bytes unused by MySQL; MariaDB has the last four for its own.
  cursor.skip(1 + 10);
  const isMariadb = (low & CLIENT_LONG_PASSWORD) === 0;
  const capabilities =
    (offered & ~(isMariadb ? UNREADABLE | MARIADB_CLIENT_PROGRESS_OBSOLETE : UNREADABLE)) >>> 0;
  const greeting = Buffer.from(packet);
  greeting.writeUInt16LE(capabilities & 0xffff, at);
  greeting.writeUInt16LE(capabilities >>> 16, at + 5);
  if (isMariadb) greeting.writeUInt32LE(0, at + 14);
  return { packet: greeting, capabilities };
}

/** What a client says of itself when it logs in. */
export interface Login {
  user: string;
  database?: string;
  dialect: Dialect;
}

/** Reads the payload of the client's answer to a greeting that offered these capabilities. */
export function readLogin(payload: Buffer, offered: number): Login {
  const cursor = new Cursor(payload);
  const capabilities = cursor.uint(4);
  if ((capabilities & UNREADABLE) !== 0) throw new PacketError('a client that insists on TLS or compression');
  if ((capabilities & CLIENT_PROTOCOL_41) === 0) throw new PacketError('a client older than MySQL 4.1');
  // Largest packet, character set, filler.
  cursor.skip(4 + 1 + 23);
  const user = cursor.textToNul();
  if ((capabilities & CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA) !== 0) cursor.lenencBytes();
  else if ((capabilities & CLIENT_SECURE_CONNECTION) !== 0) cursor.skip(cursor.uint(1));
  else cursor.textToNul();
  const login: Login = { user, dialect: dialectOf(capabilities & offered) };
  if ((capabilities & CLIENT_CONNECT_WITH_DB) !== 0) {
    const database = cursor.textToNul();
    if (database !== '') login.database = database;
  }
  return login;
}
