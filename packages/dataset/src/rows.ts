/**
 * One row of `articles`, as mysql2 returns it. The thirteen names, their spelling and their order are those of the
 * table in AWS's caching demo, so that the demo's own queries and its own CSV work on ours.
 */
export interface ArticleRow {
  OBJECTID: number;
  SHA: string;
  /** The place as the sentence calls it. */
  PossiblePlace: string;
  Sentence: string;
  /** The place it was taken to be: city and country. */
  MatchedPlace: string;
  DOI: string;
  Title: string;
  Abstract: string;
  /** `2020-03-17` or only `2020`: text, because the real file holds both and a DATE could not. */
  PublishedDate: string;
  Authors: string;
  Journal: string;
  Source: string;
  License: string;
}

/** One row of `article_reads`: who reads an article, in the types that numbers and JSON can't carry. */
export interface ArticleReadsRow {
  OBJECTID: number;
  /** BIGINT UNSIGNED; one in ten is odd and beyond 2^53. */
  Readers: bigint;
  /** DATETIME(3), UTC */
  LastReadAt: Date;
}

/** One row of `article_sentences`, which has a full-text index. */
export type ArticleSentenceRow = Pick<ArticleRow, 'OBJECTID' | 'Sentence'>;

/** One row of `cities`: a GeoNames place of a thousand people or more, or a seat of government. */
export interface CityRow {
  /** The GeoNames id. */
  id: number;
  name: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** GeoNames' code of the first administrative level, such as `CA` or `07`; empty where there is none. */
  adminCode: string;
  /** Degrees, WGS 84, to five decimals (about a metre). */
  latitude: number;
  longitude: number;
  /** 0 where GeoNames does not know. */
  population: number;
}
