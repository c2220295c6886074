/** How many names are remembered, some hundred bytes each. */
const LIMIT = 4_096;

/**
 * Which names were invalidated lately, for a read that was under way meanwhile: it must not keep what it brings.
 *
 * Invariant: `hasSince` never says no for a name that was invalidated after the position. It may say yes for one that was not: when the
 * memory is full it is emptied, and everything from before counts as invalidated. So nobody has to announce the end of a read, and one
 * that never ends costs nothing.
 */
export class InvalidationLog {
  readonly #positions = new Map<string, number>();
  #position = 0;
  /** Of what came before this, single names are not known any more. */
  #floor = 0;

  /** To be asked for before a read begins. */
  get position(): number {
    return this.#position;
  }

  add(name: string): void {
    if (this.#positions.size >= LIMIT) this.addAll();
    this.#positions.set(name, ++this.#position);
  }

  addAll(): void {
    this.#positions.clear();
    this.#floor = ++this.#position;
  }

  hasSince(name: string, position: number): boolean {
    return position < this.#floor || (this.#positions.get(name) ?? 0) > position;
  }
}
