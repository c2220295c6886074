import { articlesTable } from '@workshop/dataset';
import { z } from 'zod';
import { ARTICLE_COLUMNS } from '../queries/articles.ts';

const id = z.int().describe('The number of the article.');

/** One article of a list: what the pages show of it. */
export const listedArticle = z
  .strictObject({ ...texts(ARTICLE_COLUMNS), OBJECTID: id })
  .meta({ description: 'A sentence that names a place, and the article it is from.' });

/** One article, whole. */
export const article = z
  .strictObject({ ...texts(articlesTable.columns), OBJECTID: id })
  .meta({ description: 'An article, with all that is known of it.' });

export const journal = z.strictObject({
  Journal: z.string().describe('Empty where it is not known.'),
  Articles: z.int().min(1),
  FirstPublished: z.string(),
  LastPublished: z.string().describe('A date, or only a year, as the articles have it.'),
});

export const city = z.strictObject({
  id: z.int().describe('As GeoNames numbers it.'),
  name: z.string(),
  country: z.string().length(2).describe('ISO 3166-1 alpha-2'),
  population: z.int().min(0).describe('0 where GeoNames does not know.'),
  km: z.number().min(0).describe('From the point, as the crow flies.'),
});

function texts<Name extends string>(names: readonly Name[]): Record<Name, z.ZodString> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one entry for each name
  return Object.fromEntries(names.map((name) => [name, z.string()])) as Record<Name, z.ZodString>;
}
