import { BadParameterError } from '../errors.ts';

/** What a run of load shall ask, and how much of it. */
export interface LoadPlan {
  /** It ends after so many requests, or after so many seconds, whichever comes first. */
  readonly requests: number;
  readonly seconds: number;
  /** How many ask at once, each its next as soon as its last is answered. */
  readonly callers: number;
  /** The exponent of Zipf's law over the terms: 0 asks each alike, 1 is what people do, more asks hardly anything but the first. */
  readonly zipf: number;
  /** How many in a hundred go straight to MySQL. */
  readonly mysqlShare: number;
  /** Rows at most, of each query. */
  readonly limit: number;
}

interface Range {
  readonly least: number;
  readonly most: number;
  readonly preset: number;
  readonly step: number;
}

/** What each may be. The form and the reading of it both go by this. */
export const PLAN_RANGES: Readonly<Record<keyof LoadPlan, Range>> = {
  requests: { least: 1, most: 200_000, preset: 10_000, step: 1 },
  seconds: { least: 1, most: 60, preset: 30, step: 1 },
  callers: { least: 1, most: 64, preset: 8, step: 1 },
  zipf: { least: 0, most: 3, preset: 1, step: 0.1 },
  mysqlShare: { least: 0, most: 100, preset: 0, step: 1 },
  limit: { least: 1, most: 500, preset: 100, step: 1 },
};

const NAMES = Object.keys(PLAN_RANGES) as (keyof LoadPlan)[];

/**
 * Reads a plan from the fields of a form or the members of a JSON object; what is left out takes its preset. Throws `BadParameterError`
 * for the first that cannot be used, unknown ones included: there is no field for an address.
 */
export function readPlan(fields: unknown): LoadPlan {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    throw new BadParameterError('body', 'must be a form or a JSON object');
  const given = new Map<string, unknown>(Object.entries(fields));
  for (const name of given.keys()) {
    if (!Object.hasOwn(PLAN_RANGES, name))
      throw new BadParameterError(name.slice(0, 40), `is unknown here. Known are: ${NAMES.join(', ')}`);
  }
  return Object.fromEntries(
    NAMES.map((name) => [name, readNumber(name, given.get(name))]),
  ) as unknown as LoadPlan;
}

function readNumber(name: keyof LoadPlan, value: unknown): number {
  const { least, most, preset, step } = PLAN_RANGES[name];
  if (value === undefined || value === '') return preset;
  const text = typeof value === 'number' ? String(value) : value;
  const isNumber = typeof text === 'string' && /^\d{1,9}(\.\d{1,6})?$/.test(text);
  const number = isNumber ? Number(text) : NaN;
  if (number >= least && number <= most && (step < 1 || Number.isInteger(number))) return number;
  const kind = step < 1 ? 'a number' : 'a whole number';
  throw new BadParameterError(
    name,
    `must be ${kind} from ${least.toLocaleString('en-US')} to ${most.toLocaleString('en-US')}`,
  );
}
