/** What a client and a server agree on at the start; the names are MySQL's. */
export const CLIENT_LONG_PASSWORD = 1;
export const CLIENT_CONNECT_WITH_DB = 1 << 3;
export const CLIENT_COMPRESS = 1 << 5;
export const CLIENT_PROTOCOL_41 = 1 << 9;
export const CLIENT_SSL = 1 << 11;
export const CLIENT_SECURE_CONNECTION = 1 << 15;
export const CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA = 1 << 21;
export const CLIENT_DEPRECATE_EOF = 1 << 24;
export const CLIENT_OPTIONAL_RESULTSET_METADATA = 1 << 25;
export const CLIENT_ZSTD_COMPRESSION_ALGORITHM = 1 << 26;
export const CLIENT_QUERY_ATTRIBUTES = 1 << 27;
/** MariaDB's, from before it had capabilities of its own. */
export const MARIADB_CLIENT_PROGRESS_OBSOLETE = 1 << 29;

/** With any of these, what follows could not be read. */
export const UNREADABLE = CLIENT_SSL | CLIENT_COMPRESS | CLIENT_ZSTD_COMPRESSION_ALGORITHM;

/** The agreed ways of speaking that change how packets are read. */
export interface Dialect {
  /** Results end with an OK packet, and no EOF packet stands between columns and rows. */
  deprecateEof: boolean;
  /** A result says first whether it describes its columns. */
  optionalMetadata: boolean;
  /** Statements carry named attributes. */
  queryAttributes: boolean;
}

export function dialectOf(capabilities: number): Dialect {
  return {
    deprecateEof: (capabilities & CLIENT_DEPRECATE_EOF) !== 0,
    optionalMetadata: (capabilities & CLIENT_OPTIONAL_RESULTSET_METADATA) !== 0,
    queryAttributes: (capabilities & CLIENT_QUERY_ATTRIBUTES) !== 0,
  };
}
