import type { Statement } from '@workshop/dataset';
import { format } from 'mysql2';
import { readFields, type Fields, type Values } from './field.ts';
import type { QueryString } from './query-string.ts';

/** A row of a result, as JSON keeps it. */
export type Row = Readonly<Record<string, string | number>>;

/** A piece of a cell. `mark`: what was searched for. `small`: said less loudly. */
export interface Piece {
  readonly text: string;
  readonly as?: 'mark' | 'small';
}

/** A column of the table of results. */
export interface Column {
  readonly title: string;
  /** Figures stand under each other, to the right. */
  readonly isNumber?: boolean;
  readonly cell: (row: Row, values: Values) => readonly Piece[];
}

/** A query that visitors can ask, with values of their own. */
export interface QueryKind {
  /** As an address has it: `query=nearby`. */
  readonly name: string;
  /** "Sentences that contain a term" */
  readonly title: string;
  /** What its rows are read from: once a row of these changes, the answer may be another. */
  readonly tables: readonly ('articles' | 'cities')[];
  readonly fields: Fields;
  readonly columns: readonly Column[];
  /** How MySQL comes by so many rows, as a headline, and as what is done: "read every row, since ..." */
  readonly work: (rows: number, values: Values) => { readonly headline: string; readonly step: string };
  /** What is said in place of an empty table. */
  readonly nothing: string;
  /** The query of these values. Throws `BadParameterError` for the first that cannot be used. */
  readonly read: (given: QueryString) => Query;
}

/** A query with its values: what MySQL gets, and all that the answer depends on. */
export interface Query {
  readonly kind: QueryKind;
  readonly values: Values;
  /** For mysql2's `execute`. */
  readonly statement: Statement<readonly (string | number)[]>;
  /** The parts of its key in Redis: all that changes the answer, and nothing else. */
  readonly key: readonly [string, ...(string | number)[]];
  /** As it stands in an address: `term=delta&limit=500`. The same for two queries only if they are the same query. */
  readonly address: string;
}

export interface QueryDefinition<F extends Fields> extends Omit<
  QueryKind,
  'fields' | 'read' | 'work' | 'columns'
> {
  readonly fields: F;
  readonly columns: readonly (Omit<Column, 'cell'> & {
    cell: (row: Row, values: Values<F>) => readonly Piece[];
  })[];
  readonly work: (rows: number, values: Values<F>) => ReturnType<QueryKind['work']>;
  /** The first part of its keys. Default: its name. */
  readonly keyName?: string;
  readonly statement: (values: Values<F>) => Statement<readonly (string | number)[]>;
}

/** Makes a query that visitors can ask from its fields and its statement. */
export function defineQuery<const F extends Fields>(definition: QueryDefinition<F>): QueryKind {
  const { statement, keyName = definition.name, ...rest } = definition;
  const kind: QueryKind = {
    // Its own values are what its functions are called with.
    ...(rest as unknown as Omit<QueryKind, 'read'>),
    read(given) {
      const values = readFields(definition.fields, given);
      const entries = Object.entries(values).map(([name, value]): [string, string] => [name, String(value)]);
      return {
        kind,
        values,
        statement: statement(values),
        key: [keyName, ...Object.values(values as Values)],
        address: new URLSearchParams([['query', definition.name], ...entries]).toString(),
      };
    },
  };
  return kind;
}

/** The statement as MySQL gets it, its placeholders filled in for reading. */
export function readableSql({ statement }: Query): string {
  return format(statement.sql, [...statement.params]);
}
