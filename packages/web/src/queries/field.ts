import { BadParameterError } from '../errors.ts';
import { single, type QueryString } from './query-string.ts';

interface Common<Value> {
  readonly label: string;
  readonly default: Value;
}

/** A text of 1 to `most` characters. */
export interface TextField extends Common<string> {
  readonly type: 'text';
  readonly most: number;
}

/** A number, `least` and `most` included. */
export interface NumberField extends Common<number> {
  readonly type: 'whole' | 'decimal';
  readonly least: number;
  readonly most: number;
  /** "km": said after the label. */
  readonly unit?: string;
}

/** What a visitor may choose of a query. */
export type Field = TextField | NumberField;

export type Fields = Readonly<Record<string, Field>>;

/** What was chosen, by the name of the field. */
export type Values<F extends Fields = Fields> = {
  readonly [Name in keyof F]: F[Name] extends TextField
    ? string
    : F[Name] extends NumberField
      ? number
      : never;
};

/** Reads a query's values from an address. Throws `BadParameterError` for the first that cannot be used. */
export function readFields<F extends Fields>(fields: F, given: QueryString): Values<F> {
  const entries = Object.entries(fields).map(([name, field]) => [name, readField(name, field, given)]);
  return Object.fromEntries(entries) as Values<F>;
}

function readField(name: string, field: Field, given: QueryString): string | number {
  const text = single(given, name);
  if (text === undefined) return field.default;
  return field.type === 'text' ? readText(name, field, text) : readNumber(name, field, text);
}

function readText(name: string, { most }: TextField, text: string): string {
  // Counted as a reader counts: an emoji is one, though JavaScript stores it as two.
  const { length } = Array.from(text);
  if (length >= 1 && length <= most) return text;
  throw new BadParameterError(name, `must have 1 to ${most} characters, but has ${length}`);
}

const FORMS = { whole: /^-?\d{1,9}$/, decimal: /^-?\d{1,9}(\.\d{1,9})?$/ };

function readNumber(name: string, { type, least, most }: NumberField, text: string): number {
  // Plus 0, so that -0 is 0: they are one place on the map, and should be one key.
  const value = FORMS[type].test(text) ? Number(text) + 0 : Number.NaN;
  if (value >= least && value <= most) return value;
  const what = type === 'whole' ? 'a whole number' : 'a number';
  throw new BadParameterError(
    name,
    `must be ${what} from ${least.toLocaleString('en-US')} to ${most.toLocaleString('en-US')}`,
  );
}
