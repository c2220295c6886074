import type { Database } from './database.ts';
import type { Operation, Plan, Row } from './plan.ts';
import { TTL_MS } from './plan.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import { LoadFailure } from './simulated-process.ts';
import type { Transcript } from './transcript.ts';

/** What must not happen. */
export interface Violation {
  readonly kind: 'stale read' | 'failed call' | 'lease' | 'no end' | 'left behind';
  readonly text: string;
}

/** Keys and the versions found of them; undefined for: there is no such row. */
export type Rows = ReadonlyMap<string, number | undefined>;

/** An operation under way. */
export interface Running {
  readonly operation: Operation;
  readonly process: SimulatedProcess;
  /** The versions of its keys when it was called, a write's own change included. */
  readonly called: ReadonlyMap<string, number>;
  /** The versions that a read of its keys must see at least. */
  readonly mustSee: ReadonlyMap<string, number>;
}

export interface Beginning {
  readonly running: Running;
  readonly plan: Plan;
  readonly database: Database;
  readonly transcript: Transcript;
  readonly load: (keys: readonly string[]) => Promise<Rows>;
  /** Told when it has ended; `judge` gives what is wrong with how it did, and is not to be called if nobody asks any more. */
  readonly ended: (judge: () => Violation | undefined) => void;
  readonly onRead: () => void;
}

/** Calls the cache, in this turn, and judges what comes of it. */
export function begin(beginning: Beginning): void {
  const { running, ended } = beginning;
  const { operation } = running;
  const isRead = operation.kind === 'read' || operation.kind === 'readMany';
  const result = isRead ? read(beginning) : write(beginning);
  result.then(
    (outcome) =>
      ended(() =>
        typeof outcome === 'boolean' ? judgeWrite(beginning, outcome) : judgeRead(beginning, outcome),
      ),
    (error: unknown) => ended(() => judgeError(beginning, error)),
  );
}

/** The keys that an operation reads or changes. */
export function keysOf(operation: Operation, plan: Plan): readonly string[] {
  if (operation.kind === 'readMany') return operation.keys;
  if (operation.kind === 'changeTag') {
    return plan.rows.filter((row) => row.tags.includes(operation.tag)).map((row) => row.key);
  }
  return 'key' in operation ? [operation.key] : [];
}

/** Whether it changes rows. */
export function isChange({ kind }: Operation): boolean {
  return kind === 'change' || kind === 'changeTag' || kind === 'set';
}

export function describe(operation: Operation): string {
  const name = `#${operation.id} ${operation.kind}`;
  if (operation.kind === 'readMany') return `${name} ${operation.keys.join(', ')}`;
  if (operation.kind === 'read') return `#${operation.id} ${CALLS[operation.way]} ${operation.key}`;
  if ('tag' in operation) return `${name} ${operation.tag}`;
  return 'key' in operation ? `${name} ${operation.key}` : name;
}

const CALLS = {
  value: 'getOrLoad',
  outcome: 'getOrLoadWithOutcome',
  json: 'getOrLoadJson',
  lookup: 'get',
} as const;

/** What was read; a look-up that found nothing gives no key. */
async function read({ running, plan, load }: Beginning): Promise<Rows> {
  const { operation } = running;
  const { cache } = running.process;
  if (operation.kind === 'readMany') {
    const { tags } = rowOf(plan, operation.keys[0]);
    const found = await cache.getOrLoadMany(operation.keys, (missing) => load(missing).then(withoutGaps), {
      ...plan.keeping,
      tags,
      key: (id) => id,
    });
    return new Map(operation.keys.map((key) => [key, found.get(key)]));
  }
  if (operation.kind !== 'read') return new Map();
  const { key, way } = operation;
  const options = { ...plan.keeping, tags: rowOf(plan, key).tags };
  const loadOne = async () => (await load([key])).get(key);
  if (way === 'lookup') {
    const found = await cache.get<number | undefined>(key);
    return found.outcome === 'hit' ? new Map([[key, found.value]]) : new Map();
  }
  if (way === 'json') {
    const json: unknown = JSON.parse((await cache.getOrLoadJson(key, loadOne, options)).toString());
    return new Map([[key, typeof json === 'number' ? json : undefined]]);
  }
  if (way === 'outcome') {
    return new Map([[key, (await cache.getOrLoadWithOutcome(key, loadOne, options)).value]]);
  }
  return new Map([[key, await cache.getOrLoad(key, loadOne, options)]]);
}

function withoutGaps(rows: Rows): ReadonlyMap<string, number> {
  return new Map([...rows].filter((each): each is [string, number] => each[1] !== undefined));
}

async function write({ running, plan, database }: Beginning): Promise<boolean> {
  const { operation, called } = running;
  const { cache } = running.process;
  if (operation.kind === 'changeTag') return cache.invalidateTags([operation.tag]);
  if (operation.kind === 'change') return cache.invalidate(operation.key);
  if (operation.kind !== 'set') return false;
  const { key } = operation;
  const { tags } = rowOf(plan, key);
  return cache.set(key, database.rows(called).get(key), { ttlMs: TTL_MS, tags });
}

function judgeRead({ running, database, onRead, transcript }: Beginning, found: Rows): Violation | undefined {
  const { operation, process, mustSee } = running;
  const shown =
    [...found].map(([key, version]) => `${key} ${nameOfVersion(version)}`).join(', ') || 'nothing';
  transcript.add(process.lane, () => `#${operation.id} gives ${shown}`);
  onRead();
  for (const [key, least] of mustSee) {
    if (!found.has(key)) continue;
    const version = found.get(key);
    if (database.isRight(key, version, least)) continue;
    return {
      kind: 'stale read',
      text: `#${operation.id} gave ${key} ${nameOfVersion(version)}; before it began, v${least} had been confirmed`,
    };
  }
  return undefined;
}

export function nameOfVersion(version: number | undefined): string {
  return version === undefined ? '(no row)' : `v${version}`;
}

function judgeWrite(
  { running, database, transcript }: Beginning,
  isConfirmed: boolean,
): Violation | undefined {
  const { operation, process, called } = running;
  transcript.add(process.lane, () => `#${operation.id} is ${isConfirmed ? 'confirmed' : 'NOT confirmed'}`);
  if (!isConfirmed) {
    for (const [key, version] of called) process.mustSee.set(key, version);
    if (process.hasLost) return undefined;
    return { kind: 'failed call', text: `#${operation.id} was not confirmed, though Redis answered` };
  }
  database.confirm(called);
  return undefined;
}

function judgeError({ running, transcript }: Beginning, error: unknown): Violation | undefined {
  const { operation, process } = running;
  transcript.add(process.lane, () => `#${operation.id} rejects: ${String(error)}`);
  if (error instanceof LoadFailure) return undefined;
  const shown = error instanceof Error ? error.stack : String(error);
  return { kind: 'failed call', text: `#${operation.id} rejected with ${shown}` };
}

function rowOf(plan: Plan, key: string | undefined): Row {
  const row = plan.rows.find((each) => each.key === key);
  if (row === undefined) throw new Error(`The plan has no row ${key}.`);
  return row;
}
