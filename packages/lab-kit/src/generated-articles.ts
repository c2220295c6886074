import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CITIES_VERSION, GENERATOR_VERSION, generateArticles, type ArticleRow } from '@workshop/dataset';
import compiled from './compiled/compiled.cjs';
import { compiledFolder } from './compiled/compile.ts';

let known: readonly ArticleRow[] = [];

/**
 * Articles 1 to `rows`. Kept from run to run: what the generator needs to know of the world's cities takes it longer to load
 * than a whole lab takes to check.
 */
export function generatedArticles(rows: number): readonly ArticleRow[] {
  if (known.length === rows) return known;
  const version = `${GENERATOR_VERSION}-${CITIES_VERSION}-${rows}`.replaceAll(/[^\w.]+/g, '-');
  const file = join(compiledFolder(), `articles-${version}.json`);
  known = read(file) ?? write(file, [...generateArticles({ rows })]);
  return known;
}

function read(file: string): ArticleRow[] | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ArticleRow[];
  } catch {
    return undefined;
  }
}

function write(file: string, articles: ArticleRow[]): ArticleRow[] {
  mkdirSync(dirname(file), { recursive: true });
  compiled.writeWhole(file, JSON.stringify(articles));
  return articles;
}
