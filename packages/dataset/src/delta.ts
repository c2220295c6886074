import type { Place } from './places.ts';
import type { Random } from './random.ts';
import { hash } from './random.ts';
import { compile } from './text/template.ts';
import { slots } from './text/study.ts';

/**
 * The demo asks for `Sentence LIKE '%delta%'`, 500 rows at most. What makes that query slow is that MySQL has to read the
 * whole table to answer it, so fewer rows than 500 may match, and they have to lie all over it, to the very end.
 */
const LEAST_MATCHES = 20;
const MOST_MATCHES = 400;
const ROWS_PER_MATCH = 500;

/** How many sentences mention "delta" in a table of so many rows: one in 500, but 20 to 400 of them. */
export function deltaCount(rows: number): number {
  return Math.min(rows, MOST_MATCHES, Math.max(LEAST_MATCHES, Math.floor(rows / ROWS_PER_MATCH)));
}

/**
 * The row numbers (from 1, ascending) whose sentence mentions "delta". The table is cut into equal slices and each slice has
 * one of them, at a place of its own: spread evenly, without the regularity of every 500th.
 */
export function* deltaRows(rows: number, seed: number): Generator<number> {
  const count = deltaCount(rows);
  for (let slice = 0; slice < count; slice++) {
    const start = Math.floor((slice * rows) / count);
    const end = Math.floor(((slice + 1) * rows) / count);
    yield start + 1 + (hash(seed, slice) % (end - start));
  }
}

/** River deltas with the city that stands for each in GeoNames. */
const regions = [
  { name: 'Mekong Delta', city: 'Cần Thơ', country: 'Vietnam' },
  { name: 'Niger Delta', city: 'Port Harcourt', country: 'Nigeria' },
  { name: 'Nile Delta', city: 'Al Manşūrah', country: 'Egypt' },
  { name: 'Pearl River Delta', city: 'Guangzhou', country: 'China' },
  { name: 'Ganges Delta', city: 'Khulna', country: 'Bangladesh' },
  { name: 'Sacramento-San Joaquin Delta', city: 'Stockton', country: 'United States' },
  { name: 'Yangtze River Delta', city: 'Shanghai', country: 'China' },
] as const;

export interface Region {
  name: string;
  place: Place;
}

export function pickRegion(random: Random): Region {
  const { name, city, country } = random.pick(regions);
  return { name, place: { city, country, full: `${city}, ${country}` } };
}

/** About the variant of SARS-CoV-2: for studies of COVID-19 from 2021 on. */
export const variantSentences = compile(
  [
    'Whole-genome sequencing showed that the Delta variant (B.1.617.2) had displaced all earlier lineages in {place} within {several} weeks',
    'Two doses were {most} effective against symptomatic infection with the Delta variant among {people} in {place}',
    'In {place}, admissions doubled every {several} days once delta became the dominant lineage',
    'Viral loads in {people} infected with Delta in {city} were {times} those seen with the ancestral strain',
    'Of {cohort} in {place}, {percent} were reinfected while the delta lineage AY.4 was circulating',
  ],
  slots,
);

/** About a river delta; the region's name is put where `@` stands. */
export const regionSentences = compile(
  [
    'Villages along the waterways of the @ near {city} reported {symptom} {several} weeks before {illness} was notified in {elsewhere}',
    'Across the @, {percent} of {people} surveyed around {city} had antibodies against {agent}',
    'Seasonal flooding in the @ cut off {several} of the clinics that refer patients with {illness} to {city}',
    '{Design} in the @ linked {factor} to {outcome}, most clearly in {city}',
  ],
  slots,
);

/** The word's other lives: for a study of any disease. */
export const otherSentences = compile(
  [
    'A porcine deltacoronavirus was detected in {percent} of faecal samples from farms on the outskirts of {city}',
    'Among carriers of hepatitis B in {place}, {percent} were also infected with hepatitis delta virus',
    'The largest delta between reported and excess deaths was seen in {place} in {month} {year}',
  ],
  slots,
);
