/** Packets as a MySQL server and client write them, for what no server at hand does. */

export const CAPABILITIES = {
  longPassword: 1,
  connectWithDb: 1 << 3,
  compress: 1 << 5,
  protocol41: 1 << 9,
  ssl: 1 << 11,
  secureConnection: 1 << 15,
  pluginAuth: 1 << 19,
  deprecateEof: 1 << 24,
  optionalMetadata: 1 << 25,
  zstd: 1 << 26,
  queryAttributes: 1 << 27,
};
/** What a MySQL 8.4 offers; TLS and both ways of compression among it. */
export const MYSQL_84 = 0xdf_ff_ff_ff;

export function packet(sequence: number, ...parts: (Buffer | string | number[])[]): Buffer {
  const payload = Buffer.concat(
    parts.map((part) => (part instanceof Buffer ? part : Buffer.from(part as string))),
  );
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header[3] = sequence;
  return Buffer.concat([header, payload]);
}

/** A payload in as many packets as it takes. */
export function packets(payload: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0, sequence = 0; at <= payload.length; at += 0xff_ff_ff, sequence += 1) {
    pieces.push(packet(sequence, payload.subarray(at, at + 0xff_ff_ff)));
  }
  return Buffer.concat(pieces);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

/** A length-encoded string, of up to 65,535 bytes. */
export function lenenc(text: string | Buffer): Buffer {
  const bytes = Buffer.from(text as string);
  const length = bytes.length < 251 ? [bytes.length] : [0xfc, bytes.length & 0xff, bytes.length >> 8];
  return Buffer.concat([Buffer.from(length), bytes]);
}

export function greeting(capabilities: number, { version = '8.4.0', extended = 0 } = {}): Buffer {
  const low = capabilities & 0xffff;
  const high = (capabilities >>> 16) & 0xffff;
  return packet(
    0,
    [10],
    `${version}\0`,
    uint32(7),
    'scramble',
    [0, low & 0xff, low >> 8, 0xff, 2, 0, high & 0xff, high >> 8, 21],
    Buffer.alloc(6),
    uint32(extended),
    'morescramble\0',
    'caching_sha2_password\0',
  );
}

export function login(capabilities: number, { user = 'me', database = '' } = {}): Buffer {
  const { protocol41, secureConnection, pluginAuth, connectWithDb } = CAPABILITIES;
  const all = capabilities | protocol41 | secureConnection | pluginAuth | (database ? connectWithDb : 0);
  const head = [uint32(all), uint32(1 << 24), [255], Buffer.alloc(23)];
  return packet(
    1,
    ...head,
    `${user}\0`,
    [3, 1, 2, 3],
    database ? `${database}\0` : '',
    'caching_sha2_password\0',
  );
}

/** `info`: what follows the status and the warnings, such as the changes of session state. */
export function ok(sequence: number, { header = 0, status = 2, affected = 0, info = '' } = {}): Buffer {
  return packet(sequence, [header, affected, 0, status & 0xff, status >> 8, 0, 0], info);
}

export function eof(sequence: number, status = 2): Buffer {
  return packet(sequence, [0xfe, 0, 0, status & 0xff, status >> 8]);
}

export function error(sequence: number, code: number, text: string): Buffer {
  return packet(sequence, [0xff, code & 0xff, code >> 8], text);
}

export function column(sequence: number, name: string): Buffer {
  const names = ['def', 'schema', 'table', 'table', name, name].map(lenenc);
  return packet(sequence, ...names, [12, 255, 0, 0, 1, 0, 0, 253, 0, 0, 0, 0, 0]);
}
