import type { ArticleRow } from '@workshop/dataset';

/** Made by hand, since the generator takes a second for its places: some that mention "delta", and more that do not. */
const sentences = [
  ...Array.from(
    { length: 20 },
    (_, index) => `Sample ${index} came from the Delta of the Đồng Nai, a small delta.`,
  ),
  ...Array.from({ length: 60 }, (_, index) => `Sample ${index} came of no river at all.`),
];

/** Sentences that try to break a page or a pattern. */
const hostile = [
  '<script>alert(1)</script> & "quotes" of zebra',
  "zebra's </td></tr></table><img src=x onerror=alert(1)>",
  'about 100% of zebra_s',
  'about 1000 of zebraXs',
  'ZEBRA 漢字 \u{1F993} zebra',
];

export const ARTICLES: readonly ArticleRow[] = [...sentences, ...hostile].map((Sentence, index) => ({
  OBJECTID: index + 1,
  SHA: index.toString(16).padStart(40, '0'),
  PossiblePlace: 'Biên Hòa',
  Sentence,
  MatchedPlace: 'Biên Hòa, Vietnam',
  DOI: `10.5555/test.${index}`,
  Title: Sentence.slice(0, 60),
  Abstract: 'An abstract.',
  PublishedDate: index % 2 === 0 ? '2021-06-13' : '2021',
  Authors: 'A. Author; B. Author',
  Journal: 'Journal of Tests',
  Source: 'PMC',
  License: 'CC BY',
}));

export const DELTAS = 20;
export const HOSTILE: readonly ArticleRow[] = ARTICLES.slice(-hostile.length);
