import { createHash } from 'node:crypto';
import type { Connection, Pool, QueryOptions, TypedParameterValue } from 'mysql2/promise';
import { CacheEncodeError, CacheOptionError } from '../errors.ts';
import { cacheKey } from '../key.ts';
import { toJsonForm } from '../value/json-form.ts';
import { checkReadOnly } from './read-only.ts';
import { readCode } from './sql-tokens.ts';
import { canonicalStatement, nameOfStatement } from './statement.ts';

/** What a query is run on: a pool of `mysql2/promise`, or one connection. */
export type QuerySource = Pool | Connection;

/** A mysql2 query, and how it is cached. */
export interface CacheableQuery extends QueryOptions {
  /**
   * The readable part of the key, `sql:NAME:HASH`.
   * @default the verb and the first table, such as `select-articles`
   */
  readonly name?: string;

  /**
   * Run it as a prepared statement, with `execute()`, instead of `query()`. The two give some columns differently, a FLOAT for one.
   * @default false
   */
  readonly prepared?: boolean;

  /** Tells apart what neither text nor options show, such as the values that a `typeCast` function closes over. */
  readonly variant?: string;
}

/**
 * The options of mysql2 that can change what a statement and its values give: the form of the rows, how values become SQL, and which
 * database is meant. A function stands for itself by its source text.
 */
const FORM_OPTIONS = `
  rowsAsArray nestTables typeCast supportBigNumbers bigNumberStrings decimalNumbers dateStrings jsonStrings timezone
  namedPlaceholders stringifyObjects queryFormat charsetNumber database attributes
`
  .trim()
  .split(/\s+/);

/** Of the base64url digits of a SHA-256, so many that they hold 132 bits. */
const HASH_LENGTH = 22;

/**
 * The key under which `cachedQuery` keeps the rows of a query, for `cache.invalidate`: `sql:NAME:HASH`. The hash is of the statement
 * (however it is laid out), of the values with their types (`1`, `'1'` and `1n` are three), and of the options that change the result.
 *
 * Throws `CacheOptionError` for a statement that does not only read, and for values that have no one form.
 */
export function queryKey(source: QuerySource, query: CacheableQuery): string {
  const { sql, values, prepared = false, variant } = query;
  const { statement, defaultName } = understood(sql);
  const content = JSON.stringify([
    statement,
    prepared ? 'execute' : 'query',
    formOfOptions(optionsOf(source)),
    formOfOptions(query),
    formOfValue('variant', variant),
    formOfValues(values),
  ]);
  const hash = createHash('sha256').update(content).digest('base64url');
  return cacheKey(['sql', checkName(query.name ?? defaultName), hash.slice(0, HASH_LENGTH)]);
}

interface Understood {
  readonly statement: string;
  readonly defaultName: string;
}

/** Texts that were read before. A program has few, unless it writes values into them; then it only loses this. */
const known = new Map<string, Understood>();
const MAX_KNOWN = 500;
const MAX_KNOWN_LENGTH = 20_000;

function understood(sql: string): Understood {
  if (typeof sql !== 'string') throw new CacheOptionError('sql', sql, 'the text of a statement');
  let found = known.get(sql);
  if (found === undefined) {
    const code = readCode(sql);
    checkReadOnly(sql, code);
    found = { statement: canonicalStatement(sql), defaultName: nameOfStatement(code) };
    if (known.size >= MAX_KNOWN) known.clear();
    if (sql.length <= MAX_KNOWN_LENGTH) known.set(sql, found);
  }
  return found;
}

function checkName(name: string): string {
  if (typeof name !== 'string' || name === '') {
    throw new CacheOptionError('name', name, 'a string that is not empty');
  }
  return name;
}

/** The options a pool or connection was made with. mysql2 keeps them where its types do not all say. */
function optionsOf(source: QuerySource): object {
  const pooled = property(property(property(source, 'pool'), 'config'), 'connectionConfig');
  const config = pooled ?? property(property(source, 'connection'), 'config');
  if (typeof config === 'object' && config !== null) return config;
  throw new CacheOptionError('source', source, 'a pool or a connection of mysql2/promise');
}

function property(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null
    ? (object as Record<string, unknown>)[name]
    : undefined;
}

function formOfOptions(options: object): unknown[] {
  return FORM_OPTIONS.map((name) => {
    const value = property(options, name);
    if (typeof value === 'function') return String(value);
    // Such a time zone is that of the process, which is another one on another machine.
    if (name === 'timezone' && value === 'local') return `local: ${localTimeZone()}`;
    return value === undefined ? null : formOfValue(name, value);
  });
}

let timeZone: string | undefined;

function localTimeZone(): string {
  timeZone ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
  return timeZone;
}

/** Values by position stay in their order; values by name stand in the order of their names. */
function formOfValues(values: unknown): unknown {
  if (!isPlainObject(values) || isRaw(values)) return formOfValue('values', values);
  const names = Object.keys(values).toSorted();
  return ['named', names.map((name) => [name, formOfValue(`values.${name}`, values[name])])];
}

/**
 * A form that JSON keeps, in which no two values of different types look the same: what JSON tells apart by itself stands as it is,
 * all else in a list that begins with its kind. `path` is for the error.
 */
function formOfValue(path: string, value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (Array.isArray(value)) {
    return ['list', value.map((item, index) => formOfValue(`${path}.${index}`, item))];
  }
  if (isRaw(value)) return ['raw', String(value.toSqlString())];
  if (isTypedParameter(value)) return ['typed', value.type, value.unsigned, formOfValue(path, value.value)];
  try {
    // The form the codec stores a value in keeps types apart, and there is none for what has no content to compare.
    return ['value', toJsonForm(value).json];
  } catch (error) {
    if (!(error instanceof CacheEncodeError)) throw error;
    throw new CacheOptionError(path, value, 'data, which a key can be made from');
  }
}

/** What `raw()` of mysql2 gives, and whatever else says itself how it is written in SQL. */
function isRaw(value: unknown): value is { toSqlString(): unknown } {
  return typeof property(value, 'toSqlString') === 'function';
}

function isTypedParameter(value: unknown): value is TypedParameterValue {
  return value instanceof Object && value.constructor.name === 'TypedParameter';
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
