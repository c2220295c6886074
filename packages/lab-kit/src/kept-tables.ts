import type { Connection, RowDataPacket } from 'mysql2/promise';
import { originalsOf } from './mysql-schema.ts';

interface Table {
  /** The statement that makes it. */
  create: string;
  /** Of its rows. */
  checksum: string;
}
type Tables = ReadonlyMap<string, Table>;

/** The tables of a schema as they once were. */
export class KeptTables {
  readonly #mysql: Connection;
  /** The schema that holds the copies. */
  readonly #originals: string;
  readonly #kept: Tables;

  private constructor(mysql: Connection, originals: string, kept: Tables) {
    this.#mysql = mysql;
    this.#originals = originals;
    this.#kept = kept;
  }

  /** Keeps a copy of every table beside the schema. Views, triggers and procedures are not followed. */
  static async keep(mysql: Connection, schema: string): Promise<KeptTables> {
    const kept = await look(mysql);
    const originals = originalsOf(schema);
    await mysql.query(`CREATE DATABASE \`${originals}\``);
    for (const table of kept.keys()) {
      await mysql.query(`CREATE TABLE \`${originals}\`.\`${table}\` LIKE \`${table}\``);
      await mysql.query(`INSERT INTO \`${originals}\`.\`${table}\` SELECT * FROM \`${table}\``);
    }
    return new KeptTables(mysql, originals, kept);
  }

  /** The same tables for another schema, which that connection uses: `restore` makes them there. */
  for(mysql: Connection): KeptTables {
    return new KeptTables(mysql, this.#originals, this.#kept);
  }

  /**
   * Makes all of them as they were, where anything has changed: rows, columns, indexes, the next number.
   * @returns false when somebody else's transaction holds a lock on them
   */
  async restore(): Promise<boolean> {
    // A check that failed may have left this connection in the middle of something.
    await this.#mysql.query('ROLLBACK');
    await this.#mysql.query('UNLOCK TABLES');
    const now = await look(this.#mysql);
    const extra = [...now.keys()].filter((table) => !this.#kept.has(table));
    const changed = [...this.#kept].filter(([table, kept]) => !same(kept, now.get(table)));
    if (extra.length === 0 && changed.length === 0) return true;
    await this.#mysql.query(
      'SET SESSION foreign_key_checks = 0, lock_wait_timeout = 1, innodb_lock_wait_timeout = 1',
    );
    try {
      for (const table of extra) await this.#mysql.query(`DROP TABLE \`${table}\``);
      for (const [table, { create }] of changed) await this.#remake(table, create, now.get(table)?.create);
      return true;
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ER_LOCK_WAIT_TIMEOUT') return false;
      throw error;
    } finally {
      await this.#mysql.query(
        'SET SESSION foreign_key_checks = 1, lock_wait_timeout = 10, innodb_lock_wait_timeout = 10',
      );
    }
  }

  async #remake(table: string, create: string, createNow: string | undefined): Promise<void> {
    if (create === createNow) await this.#mysql.query(`DELETE FROM \`${table}\``);
    else {
      await this.#mysql.query(`DROP TABLE IF EXISTS \`${table}\``);
      await this.#mysql.query(create);
    }
    await this.#mysql.query(`INSERT INTO \`${table}\` SELECT * FROM \`${this.#originals}\`.\`${table}\``);
    // EXPLAIN's estimates are part of how they were.
    await this.#mysql.query(`ANALYZE TABLE \`${table}\``);
  }
}

function same(a: Table, b: Table | undefined): boolean {
  return a.create === b?.create && a.checksum === b.checksum;
}

async function look(mysql: Connection): Promise<Tables> {
  const [rows] = await mysql.query<RowDataPacket[]>(`SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'`);
  const names = rows.map((row) => String(Object.values(row)[0]));
  const tables = new Map<string, Table>();
  if (names.length === 0) return tables;
  const list = names.map((name) => `\`${name}\``).join(', ');
  const [sums] = await mysql.query<RowDataPacket[]>(`CHECKSUM TABLE ${list}`);
  for (const [at, name] of names.entries()) {
    const [[row]] = await mysql.query<RowDataPacket[]>(`SHOW CREATE TABLE \`${name}\``);
    tables.set(name, { create: String(row?.['Create Table']), checksum: String(sums[at]?.['Checksum']) });
  }
  return tables;
}
