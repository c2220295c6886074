import type { ArticleReadsRow, ArticleRow, ArticleSentenceRow, CityRow } from './rows.ts';

/** How much a column can hold: MySQL counts a VARCHAR in characters and a TEXT in bytes. */
export type Capacity = { readonly characters: number } | { readonly bytes: number };

interface Column {
  readonly type: string;
  /** Absent for numbers. */
  readonly capacity?: Capacity;
}

const varchar = (characters: number): Column => ({
  type: `VARCHAR(${characters})`,
  capacity: { characters },
});
const text: Column = { type: 'TEXT', capacity: { bytes: 65_535 } };
const mediumText: Column = { type: 'MEDIUMTEXT', capacity: { bytes: 16_777_215 } };

/**
 * AWS's demo makes `OBJECTID` an INT and all else TEXT. Where every value is short ours says so, and abstracts have more room,
 * because some in the collection behind the demo's file are longer than 64 KiB. `PublishedDate` stays text: the file
 * holds `2020-03-17` beside `2020`. Nothing is NULL: a field the CSV leaves empty is an empty string.
 */
export const articleColumns = {
  OBJECTID: { type: 'INT' },
  SHA: text,
  PossiblePlace: varchar(255),
  Sentence: text,
  MatchedPlace: varchar(255),
  DOI: varchar(255),
  Title: text,
  Abstract: mediumText,
  PublishedDate: varchar(64),
  Authors: text,
  Journal: varchar(500),
  Source: varchar(255),
  License: varchar(255),
} as const satisfies Record<keyof ArticleRow, Column>;

/**
 * Coordinates are two DOUBLEs and not a POINT, because MySQL 8.4 (`SRID 4326`, latitude first) and MariaDB
 * (`REF_SYSTEM_ID=4326`, longitude first) do not agree on how one with a spatial index is declared or written.
 */
const cityColumns = {
  id: { type: 'INT' },
  name: varchar(100),
  country: { type: 'CHAR(2)' },
  adminCode: varchar(20),
  latitude: { type: 'DOUBLE' },
  longitude: { type: 'DOUBLE' },
  population: { type: 'INT' },
} as const satisfies Record<keyof CityRow, Column>;

/** A table of this data set. */
export interface Table<Row> {
  readonly name: string;
  readonly columns: readonly (keyof Row & string)[];
  /** The statement that makes it, under any name and with a comment. The same for MySQL 8.4 and MariaDB 10.11. */
  create: (name: string, comment: string) => string;
}

function defineTable<Row>(
  name: string,
  key: string,
  columns: Record<keyof Row & string, Column>,
): Table<Row> {
  const definitions = Object.entries<Column>(columns).map(
    ([column, { type }]) => `${column} ${type} NOT NULL`,
  );
  return {
    name,
    columns: Object.keys(columns) as (keyof Row & string)[],
    create: (as, comment) => `CREATE TABLE ${as} (
  ${definitions.join(',\n  ')},
  PRIMARY KEY (${key})
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci COMMENT='${comment.replaceAll("'", "''")}'`,
  };
}

/**
 * No index but the primary key, on purpose: what the workshop shows is a query that has to read the whole table. The collation is
 * the newest that both engines have; it ignores case, so that `delta` finds `Delta`.
 */
export const articlesTable: Table<ArticleRow> = defineTable('articles', 'OBJECTID', articleColumns);

export const articleReadsTable: Table<ArticleReadsRow> = defineTable('article_reads', 'OBJECTID', {
  OBJECTID: { type: 'INT' },
  Readers: { type: 'BIGINT UNSIGNED' },
  LastReadAt: { type: 'DATETIME(3)' },
});

/**
 * The sentences once more, for a search by words: there is a full-text index on them, which `articles` must not have. It is added
 * once the rows are in (`article-sentences.ts`), which takes two thirds of the time.
 */
export const articleSentencesTable: Table<ArticleSentenceRow> = defineTable('article_sentences', 'OBJECTID', {
  OBJECTID: articleColumns.OBJECTID,
  Sentence: articleColumns.Sentence,
});

export const citiesTable: Table<CityRow> = defineTable('cities', 'id', cityColumns);
