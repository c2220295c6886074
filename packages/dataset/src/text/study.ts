import type { Place } from '../places.ts';
import type { Random } from '../random.ts';
import type { Slot } from './template.ts';
import type { Topic } from './vocabulary.ts';
import * as words from './vocabulary.ts';

/** What one article is about. Title, abstract and sentence are filled from the same study, so that they agree. */
export interface Study {
  place: Place;
  /** A second city, for travel and for comparison. */
  elsewhere: Place;
  topic: Topic;
  people: string;
  design: string;
  factor: string;
  outcome: string;
  measure: string;
  /** How many took part. */
  size: number;
  year: number;
  /** 0 to 11, the month the study ended in. */
  month: number;
}

export function createStudy(place: Place, elsewhere: Place, topic: Topic, random: Random): Study {
  return {
    place,
    elsewhere,
    topic,
    people: random.pick(words.people),
    design: random.pick(words.designs),
    factor: random.pick(words.factors),
    outcome: random.pick(words.outcomes),
    measure: random.pick(words.measures),
    size: random.between(84, 9600),
    year: random.between(topic.years[0], topic.years[1]),
    month: random.between(0, 11),
  };
}

function grouped(count: number): string {
  if (count < 1000) return String(count);
  return `${Math.floor(count / 1000)},${String(count % 1000).padStart(3, '0')}`;
}

/** "from the United States", but "from Peru". */
const inSentence = (country: string): string =>
  /^(United|Netherlands|Philippines|Dominican|Democratic)/.test(country) ? `the ${country}` : country;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A point estimate inside its 95% interval, as in `2.4 (95% CI 1.3 to 4.1)`. */
function estimate(random: Random, low: number, high: number): string {
  const point = random.between(low, high);
  const from = Math.max(1, Math.round((point * random.between(45, 85)) / 100));
  const to = point + Math.max(1, Math.round((point * random.between(15, 90)) / 100));
  return `${tenths(point)} (95% CI ${tenths(from)} to ${tenths(to)})`;
}

const tenths = (value: number): string => `${Math.floor(value / 10)}.${value % 10}`;

export const slots: Readonly<Record<string, Slot<Study>>> = {
  place: (study) => study.place.full,
  city: (study) => study.place.city,
  country: (study) => inSentence(study.place.country),
  elsewhere: (study) => study.elsewhere.full,
  agent: (study) => study.topic.agent,
  illness: (study) => study.topic.illness,
  sample: (study) => study.topic.sample,
  Sample: (study) => capital(study.topic.sample),
  symptom: (study, random) => random.pick(study.topic.symptoms),
  people: (study) => study.people,
  cohort: (study) => `${grouped(study.size)} ${study.people}`,
  Design: (study) => `A ${study.design}`,
  design: (study) => `a ${study.design}`,
  factor: (study) => study.factor,
  Factor: (study) => capital(study.factor),
  outcome: (study) => study.outcome,
  measure: (study) => study.measure,
  Measure: (study) => capital(study.measure),
  year: (study) => String(study.year),
  month: (study) => words.months[study.month] as string,
  /** "March and August 2020", or over the turn of the year. */
  period: (study, random) => {
    const start = study.month - random.between(2, 7);
    const first = words.months[(start + 12) % 12] as string;
    const last = `${words.months[study.month] as string} ${study.year}`;
    return start < 0 ? `${first} ${study.year - 1} and ${last}` : `${first} and ${last}`;
  },
  site: (_, random) => random.pick(words.sites),
  model: (_, random) => random.pick(words.models),
  caveat: (_, random) => random.pick(words.caveats),
  lesson: (_, random) => random.pick(words.lessons),
  several: (_, random) => random.pick(words.numerals),
  some: (study, random) => grouped(random.between(12, study.size - 40)),
  size: (study) => grouped(study.size),
  percent: (_, random) => `${tenths(random.between(21, 879))}%`,
  /** A percentage that may be called high. */
  most: (_, random) => `${tenths(random.between(720, 989))}%`,
  times: (_, random) => random.pick(['twice', 'three times', 'four times', 'five times', 'six times']),
  age: (_, random) => String(random.between(19, 79)),
  odds: (_, random) => estimate(random, 13, 58),
  reproduction: (_, random) => estimate(random, 8, 36),
};
