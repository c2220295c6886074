/**
 * The database that the schedule's loaders read: a version a row, which each change raises.
 *
 * `mustSee` is the property itself: once an invalidation or a `set` has returned, a read that begins later must give at least
 * the version that the row had when it was called.
 */
export class Database {
  readonly #versions = new Map<string, number>();
  readonly #mustSee = new Map<string, number>();
  readonly #locked = new Set<string>();
  readonly #hasGaps: boolean;

  /** `hasGaps`: every third version of a row is that it does not exist. */
  constructor(hasGaps: boolean) {
    this.#hasGaps = hasGaps;
  }

  version(key: string): number {
    return this.#versions.get(key) ?? 1;
  }

  /** What the rows are at these versions; undefined where there is none. */
  rows(versions: ReadonlyMap<string, number>): ReadonlyMap<string, number | undefined> {
    return new Map([...versions].map(([key, version]) => [key, this.#isGap(version) ? undefined : version]));
  }

  /** Whether a read that must see at least version `least` may have found this. */
  isRight(key: string, found: number | undefined, least: number): boolean {
    if (found !== undefined) return found >= least;
    for (let version = least; version <= this.version(key); version++) if (this.#isGap(version)) return true;
    return false;
  }

  #isGap(version: number): boolean {
    return this.#hasGaps && version % 3 === 0;
  }

  change(keys: readonly string[]): void {
    for (const key of keys) this.#versions.set(key, this.version(key) + 1);
  }

  mustSee(key: string): number {
    return this.#mustSee.get(key) ?? 1;
  }

  /** An invalidation or a `set` that was called at these versions has returned. */
  confirm(versions: ReadonlyMap<string, number>): void {
    for (const [key, version] of versions) this.#mustSee.set(key, Math.max(this.mustSee(key), version));
  }

  versions(keys: readonly string[]): ReadonlyMap<string, number> {
    return new Map(keys.map((key) => [key, this.version(key)]));
  }

  isLocked(keys: readonly string[]): boolean {
    return keys.some((key) => this.#locked.has(key));
  }

  lock(key: string): void {
    this.#locked.add(key);
  }

  unlock(key: string): void {
    this.#locked.delete(key);
  }
}
