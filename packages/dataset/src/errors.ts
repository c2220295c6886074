/** What this package throws on purpose; the message says what is wrong and what to do about it. */
export class DatasetError extends Error {
  override readonly name: string = 'DatasetError';
}

/** An option or an argument has a value it can't have. */
export class InvalidOptionError extends DatasetError {
  override readonly name = 'InvalidOptionError';
  readonly option: string;
  readonly value: unknown;

  constructor(option: string, value: unknown, wanted: string) {
    super(`${option} has to be ${wanted}; it is ${JSON.stringify(value) ?? String(value)}.`);
    this.option = option;
    this.value = value;
  }
}

/** The server can't be reached, or doesn't let us in. `cause` is the driver's error. */
export class ConnectionError extends DatasetError {
  override readonly name = 'ConnectionError';
  readonly server: string;

  constructor(server: string, cause: unknown) {
    const reason =
      cause instanceof Error ? cause.message || String((cause as { code?: unknown }).code) : String(cause);
    super(`Could not connect to MySQL at ${server}: ${reason}. Is it running, and is MYSQL_URL right?`, {
      cause,
    });
    this.server = server;
  }
}

/** The server has LOAD DATA LOCAL switched off, as MySQL 8 and RDS have unless told otherwise. */
export class LocalInfileOffError extends DatasetError {
  override readonly name = 'LocalInfileOffError';
  readonly server: string;

  constructor(server: string, cause: unknown) {
    super(
      `The data is sent with LOAD DATA LOCAL INFILE, which MySQL at ${server} refuses: its variable local_infile is OFF. ` +
        'Switch it on as an administrator with SET GLOBAL local_infile = 1, or start the server with --local-infile=1; ' +
        'on Amazon RDS set local_infile to 1 in the parameter group.',
      { cause },
    );
    this.server = server;
  }
}

/** The table that is there was not made by this workshop, so it is not for us to replace. */
export class ForeignTableError extends DatasetError {
  override readonly name = 'ForeignTableError';
  readonly table: string;

  constructor(database: string, table: string) {
    super(
      `${database} already has a table "${table}" that this workshop did not make, so it was left alone. ` +
        'Point MYSQL_URL at another database, or load it with --force, which replaces the table (pnpm db:load --force).',
    );
    this.table = table;
  }
}

/** The server, or the connection to it, failed in the middle of a load. The table that was there before still is. */
export class LoadFailedError extends DatasetError {
  override readonly name = 'LoadFailedError';
  readonly table: string;
  readonly server: string;

  constructor(table: string, server: string, cause: Error) {
    super(`MySQL at ${server} did not take the rows for ${table}: ${cause.message}. Nothing was replaced.`, {
      cause,
    });
    this.table = table;
    this.server = server;
  }
}

/** The server took fewer rows than it was sent, or changed some on the way in. The table that was there before still is. */
export class LoadIncompleteError extends DatasetError {
  override readonly name = 'LoadIncompleteError';
  readonly table: string;
  readonly sent: number;
  readonly stored: number;
  readonly warnings: readonly string[];

  constructor(table: string, sent: number, stored: number, warnings: readonly string[]) {
    const first = warnings.length > 0 ? ` The server says: ${warnings.join('; ')}.` : '';
    super(
      `${sent} rows were sent for ${table} and ${stored} were stored as they are.${first} Nothing was replaced.`,
    );
    this.table = table;
    this.sent = sent;
    this.stored = stored;
    this.warnings = warnings;
  }
}

/** The CSV as a whole can't be used: not there, not text, without a column that is needed, or without one good row. */
export class CsvFileError extends DatasetError {
  override readonly name = 'CsvFileError';
  readonly file: string;

  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`${file} ${problem}`, options);
    this.file = file;
  }
}
