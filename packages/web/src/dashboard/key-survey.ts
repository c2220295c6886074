import type { Redis } from 'ioredis';
import type { KeyGroup, KeyReport } from './sample.ts';

/** About how many keys one SCAN gives, and how many times it is called a second. */
const BATCH = 100;
const BATCHES_PER_STEP = 5;
/** A walk through more keys than this ends early; its counts are "at least". */
const MOST_KEYS = 5_000;
const MOST_GROUPS = 10;
const MOST_NAME_LENGTH = 40;

interface Group {
  keys: number;
  lasting: number;
  /** When the first and the last of them expires, in milliseconds since 1970. */
  first: number;
  last: number;
}

interface Walk {
  readonly groups: Map<string, Group>;
  /** SCAN may give a key twice. */
  readonly seen: Set<string>;
  node: number;
  cursor: string;
}

/**
 * Walks through the keys with SCAN, about 500 a second however many there are, and counts them by prefix. The report is that of the last
 * walk that came to its end; during the first, that of what was seen so far.
 */
export class KeySurvey {
  readonly #prefix: string | undefined;
  #walk = newWalk();
  #ended: { readonly groups: Walk['groups']; readonly complete: boolean } | undefined;

  constructor(prefix?: string) {
    this.#prefix = prefix === undefined ? undefined : `${prefix}:`;
  }

  /** One second's part. `total`: all keys of `nodes`. After a rejection it begins anew. */
  async step(nodes: readonly Redis[], total: number, signal: AbortSignal): Promise<KeyReport> {
    try {
      for (let batch = 0; batch < BATCHES_PER_STEP && !signal.aborted; batch++) {
        const isLast = await this.#look(nodes);
        const isEnough = this.#walk.seen.size >= MOST_KEYS;
        if (!isLast && !isEnough) continue;
        this.#ended = { groups: this.#walk.groups, complete: isLast };
        this.#walk = newWalk();
        break;
      }
    } catch (error) {
      this.#walk = newWalk();
      this.#ended = undefined;
      throw error;
    }
    const { groups, complete } = this.#ended ?? { groups: this.#walk.groups, complete: false };
    return { groups: report(groups), total, complete };
  }

  /** One SCAN and the lives of what it gave. Resolves to whether that was the end of the last node. */
  async #look(nodes: readonly Redis[]): Promise<boolean> {
    const walk = this.#walk;
    const node = nodes[walk.node];
    if (node === undefined) return true;
    const [cursor, found] = await node.scan(walk.cursor, 'COUNT', BATCH);
    const keys = found.filter((key) => !walk.seen.has(key));
    if (keys.length > 0) {
      const pipeline = node.pipeline();
      for (const key of keys) pipeline.pttl(key);
      const lives = (await pipeline.exec()) ?? [];
      for (const [index, key] of keys.entries()) {
        const [error, ttlMs] = lives[index] ?? [];
        if (error) throw error;
        walk.seen.add(key);
        this.#count(walk.groups, key, Number(ttlMs));
      }
    }
    walk.cursor = cursor;
    if (cursor === '0') walk.node++;
    return walk.node >= nodes.length;
  }

  #count(groups: Walk['groups'], key: string, ttlMs: number): void {
    // Gone since SCAN saw it.
    if (ttlMs === -2) return;
    const name = this.#groupOf(key);
    const group = groups.get(name) ?? { keys: 0, lasting: 0, first: Infinity, last: -Infinity };
    groups.set(name, group);
    group.keys++;
    if (ttlMs === -1) {
      group.lasting++;
      return;
    }
    const expiresAt = Date.now() + ttlMs;
    group.first = Math.min(group.first, expiresAt);
    group.last = Math.max(group.last, expiresAt);
  }

  #groupOf(key: string): string {
    const own = this.#prefix !== undefined && key.startsWith(this.#prefix) ? this.#prefix : '';
    const end = key.indexOf(':', own.length);
    const name = end === -1 ? own || key : key.slice(0, end + 1);
    return name.length > MOST_NAME_LENGTH ? `${name.slice(0, MOST_NAME_LENGTH)}…` : name;
  }
}

function newWalk(): Walk {
  return { groups: new Map(), seen: new Set(), node: 0, cursor: '0' };
}

function report(groups: Walk['groups']): KeyGroup[] {
  const sorted = [...groups].toSorted(
    ([oneName, one], [otherName, other]) => other.keys - one.keys || (oneName < otherName ? -1 : 1),
  );
  const shown = sorted.slice(0, MOST_GROUPS).map(([name, group]) => show(name, group));
  const rest = sorted.slice(MOST_GROUPS);
  if (rest.length === 0) return shown;
  const together: Group = { keys: 0, lasting: 0, first: Infinity, last: -Infinity };
  for (const [, group] of rest) {
    together.keys += group.keys;
    together.lasting += group.lasting;
    together.first = Math.min(together.first, group.first);
    together.last = Math.max(together.last, group.last);
  }
  return [...shown, show('all others', together)];
}

function show(name: string, { keys, lasting, first, last }: Group): KeyGroup {
  const left = (expiresAt: number) =>
    Number.isFinite(expiresAt) ? Math.max(0, expiresAt - Date.now()) : null;
  return { name, keys, lasting, leastTtlMs: left(first), mostTtlMs: left(last) };
}
