export type { ArticleReadsRow, ArticleRow, ArticleSentenceRow, CityRow } from './rows.ts';
export type { Table } from './schema.ts';
export { articleReadsTable, articleSentencesTable, articlesTable, citiesTable } from './schema.ts';
export type { Statement } from './search-articles.ts';
export { escapeLike, SEARCH_ARTICLES_SQL, searchArticlesSql } from './search-articles.ts';
export type { GenerateOptions } from './generate.ts';
export { DEFAULT_SEED, GENERATOR_VERSION, generateArticles } from './generate.ts';
export { deltaCount } from './delta.ts';
export { allCities, CITIES_VERSION } from './places.ts';
export type { EnsureOptions, EnsureResult } from './ensure-dataset.ts';
export { ensureDataset } from './ensure-dataset.ts';
export type { BadRow, LoadCsvOptions } from './csv/load-csv.ts';
export { loadCsv } from './csv/load-csv.ts';
export { checkCsv } from './csv/open-csv.ts';
export type { Fixture } from './load-fixture.ts';
export { loadFixture } from './load-fixture.ts';
export { DEFAULT_ROWS, LEAST_ROWS, MOST_ROWS, parseRows } from './parse-rows.ts';
export type { OnProgress, Progress } from './progress.ts';
export type { Output } from './progress-printer.ts';
export { createProgressPrinter } from './progress-printer.ts';
export type { Tls } from './connection.ts';
export type { Replace } from './verdict.ts';
export {
  ConnectionError,
  CsvFileError,
  DatasetError,
  ForeignTableError,
  InvalidOptionError,
  LoadFailedError,
  LoadIncompleteError,
  LocalInfileOffError,
} from './errors.ts';
