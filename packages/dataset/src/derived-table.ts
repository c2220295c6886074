import type { LoadingConnection } from './connection.ts';
import type { Table } from './schema.ts';

/** A table that is made from `articles`, by MySQL alone. */
export interface DerivedTable<Row> {
  readonly table: Table<Row>;
  /** "reads": what it has of the articles. */
  readonly what: string;
  /** Raise it when the rows, or the indexes, change. */
  readonly version: number;
  /** Fills the table of this name, which is empty, and tells how many rows it has stored. */
  readonly fill: (connection: LoadingConnection['connection'], into: string) => Promise<number>;
}
