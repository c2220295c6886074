import { deltaRows, otherSentences, pickRegion, regionSentences, variantSentences } from './delta.ts';
import { InvalidOptionError } from './errors.ts';
import { studyPlaces } from './places.ts';
import { hash, Random } from './random.ts';
import type { ArticleRow } from './rows.ts';
import * as grammar from './text/grammar.ts';
import type { Study } from './text/study.ts';
import { createStudy } from './text/study.ts';
import * as words from './text/vocabulary.ts';

/** Raise it whenever the rows that come out change: tables filled by an older generator are then loaded anew. */
export const GENERATOR_VERSION = 1;
export const DEFAULT_SEED = 20200317;

export interface GenerateOptions {
  rows: number;
  /** An integer; the same one gives the same rows on every machine. Default {@link DEFAULT_SEED}. */
  seed?: number;
}

/**
 * Made-up articles about studies of infectious disease in real cities, with `OBJECTID` 1 to `rows`. One row is made at a
 * time, so a table of any size takes the same memory. Papers, authors and figures are invented; DOIs carry the
 * prefix 10.5555, which Crossref keeps for tests, so none of them leads to a real paper.
 *
 * @throws InvalidOptionError when `rows` or `seed` is not an integer in range.
 */
export function generateArticles({ rows, seed = DEFAULT_SEED }: GenerateOptions): Iterable<ArticleRow> {
  if (!Number.isSafeInteger(rows) || rows < 0)
    throw new InvalidOptionError('rows', rows, 'an integer of 0 or more');
  if (!Number.isSafeInteger(seed)) throw new InvalidOptionError('seed', seed, 'an integer');
  return { [Symbol.iterator]: () => generate(rows, seed) };
}

function* generate(rows: number, seed: number): Generator<ArticleRow> {
  const matches = deltaRows(rows, seed);
  let nextMatch = matches.next();
  const random = new Random(seed);
  for (let id = 1; id <= rows; id++) {
    // A start of its own for each row: what a row holds depends on the seed and its number, not on the rows before.
    random.restart(hash(seed, id));
    if (id === nextMatch.value) {
      nextMatch = matches.next();
      yield deltaArticle(id, random);
    } else {
      yield article(id, newStudy(random), random);
    }
  }
}

function newStudy(random: Random, topic = random.pick(words.topics)): Study {
  const places = studyPlaces();
  return createStudy(random.pick(places), random.pick(places), topic, random);
}

function deltaArticle(id: number, random: Random): ArticleRow {
  const kind = random.between(1, 10);
  if (kind <= 5) {
    const study = newStudy(random, words.covid);
    study.year = random.between(2021, 2023);
    return article(id, study, random, random.pick(variantSentences)(study, random));
  }
  const study = newStudy(random);
  if (kind > 8) return article(id, study, random, random.pick(otherSentences)(study, random));
  const region = pickRegion(random);
  study.place = region.place;
  const sentence = random.pick(regionSentences)(study, random).replace('@', region.name);
  return article(id, study, random, sentence, region.name);
}

function article(
  id: number,
  study: Study,
  random: Random,
  sentence = random.pick(grammar.sentences)(study, random),
  possiblePlace = study.place.city,
): ArticleRow {
  return {
    OBJECTID: id,
    SHA: sha(random),
    PossiblePlace: possiblePlace,
    Sentence: sentence + random.pick(grammar.endings)(study, random),
    MatchedPlace: study.place.full,
    DOI: `10.5555/${random.pick(DOI_LABELS)}.${study.year}.${100000 + (random.next() % 900000)}`,
    Title: random.pick(grammar.titles)(study, random),
    Abstract: abstract(study, random),
    PublishedDate: publishedDate(study, random),
    Authors: authors(random),
    Journal: random.pick(words.journals),
    Source: random.pick(words.sources),
    License: random.pick(words.licences),
  };
}

const DOI_LABELS = ['wks', 'epi', 'outbreak', 'jcm'] as const;

const abstractParts = [
  grammar.openings,
  grammar.questions,
  grammar.methods,
  grammar.results,
  grammar.furtherResults,
  grammar.conclusions,
];

function abstract(study: Study, random: Random): string {
  let text = '';
  for (const part of abstractParts) text += random.pick(part)(study, random) + ' ';
  return text.trimEnd();
}

/** One paper in sixteen is dated by its year alone, as some are in the real file. */
function publishedDate(study: Study, random: Random): string {
  if (random.between(1, 16) === 1) return String(study.year);
  const month = String(study.month + 1).padStart(2, '0');
  return `${study.year}-${month}-${String(random.between(1, 28)).padStart(2, '0')}`;
}

const INITIALS = 'ABCDEFGHIJKLMNOPRSTVWY';

function authors(random: Random): string {
  let list = author(random);
  for (let others = random.between(1, 6); others > 0; others--) list += `; ${author(random)}`;
  return list;
}

function author(random: Random): string {
  return `${random.pick(words.surnames)}, ${INITIALS.charAt(random.between(0, INITIALS.length - 1))}.`;
}

const digest = Buffer.alloc(20);

/** Forty hexadecimal digits, as the SHA-1 of a paper's file would be. */
function sha(random: Random): string {
  for (let at = 0; at < digest.length; at += 4) digest.writeUInt32LE(random.next(), at);
  return digest.toString('hex');
}
