import type { HeldCommand } from './gated-redis.ts';

/** What Redis holds for a key. */
export interface Held {
  readonly value: string | null;
  readonly lease: string | null;
}

/** A lease is a token (a UUID), then what it was granted for; tokens tell holders apart. */
const TOKEN_LENGTH = 36;

const NOTHING: Held = { value: null, lease: null };
const READING = new Set(['get', 'mget', 'pttl', 'ttl', 'exists', 'getrange', 'strlen']);

/**
 * Looks at values and leases in Redis after each command that may have changed them, and judges the change:
 *
 * - only the holder of the lease stores, or a `set` that is under way;
 * - a lease that is held passes to nobody else, unless the key's tags have changed since, which makes its load worthless.
 */
export class LeaseWatch {
  readonly #names: Names;
  readonly #known = new Map<string, Held>();
  /** Who was granted a lease, by key; a load takes its own away again. */
  readonly #grants = new Map<string, unknown[]>();

  constructor(names: Names) {
    this.#names = names;
  }

  held(key: string): Held {
    return this.#known.get(key) ?? NOTHING;
  }

  /** The keys of which the command may have changed the value or the lease. */
  touched({ name, args }: HeldCommand): string[] {
    if (READING.has(name)) return [];
    return this.#names.keys.filter(
      (key) => args.includes(this.#names.value(key)) || args.includes(this.#names.lease(key)),
    );
  }

  /** What Redis holds now, no matter why. */
  note(key: string, held: Held): void {
    this.#known.set(key, held);
  }

  /**
   * Takes note of what a command of `process` has left behind. `isSetting`: this process has a `set` of this key under way.
   * Returns what is wrong with it, if anything.
   */
  judge(
    command: HeldCommand,
    process: object,
    key: string,
    after: Held,
    isSetting: boolean,
  ): string | undefined {
    const before = this.held(key);
    this.note(key, after);
    if (after.lease !== null && after.lease !== before.lease) {
      this.#grants.set(key, [...(this.#grants.get(key) ?? []), process]);
      if (before.lease !== null && before.lease.slice(TOKEN_LENGTH) === after.lease.slice(TOKEN_LENGTH)) {
        return `the lease of ${key} was taken over while another held it`;
      }
    }
    if (after.value !== null && after.value !== before.value && !isSetting) {
      if (before.lease === null) return `a value of ${key} was stored without a lease`;
      if (!command.args.includes(before.lease))
        return `a value of ${key} was stored while another held the lease`;
    }
    return undefined;
  }

  /** Whether `process` was granted a lease of the key for which it has not begun a load yet; counts this as that load. */
  takeGrant(process: object, key: string): boolean {
    const grants = this.#grants.get(key) ?? [];
    const index = grants.indexOf(process);
    if (index === -1) return false;
    grants.splice(index, 1);
    return true;
  }
}

/** What the keys of a schedule are called in Redis. */
export interface Names {
  readonly keys: readonly string[];
  readonly value: (key: string) => string;
  readonly lease: (key: string) => string;
  readonly tag: (tag: string) => string;
  /** All of them. */
  readonly all: readonly string[];
}

export function namesOf(prefix: string, keys: readonly string[], tags: readonly string[]): Names {
  const value = (key: string) => `${prefix}:${key}`;
  const lease = (key: string) => `${prefix}:lease:{${value(key)}}`;
  const tag = (name: string) => `${prefix}:tag:{${name}}`;
  return { keys, value, lease, tag, all: [...keys.map(value), ...keys.map(lease), ...tags.map(tag)] };
}
