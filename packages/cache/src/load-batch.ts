import { CacheOptionError } from './errors.ts';
import type { LoadGate } from './load-gate.ts';
import type { LoadControl, Loader } from './loads.ts';

/** Gives the values of many ids at once; an id that it leaves out does not exist. */
export type LoadMany<Id, T> = (missing: Id[]) => ReadonlyMap<Id, T> | Promise<ReadonlyMap<Id, T>>;

interface Wanted<Id, T> {
  readonly id: Id;
  readonly control: LoadControl;
  readonly resolve: (value: T | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes one call of the loader out of the loads of many keys. Each key finds out for itself whether it has to be loaded, or comes from somewhere else;
 * when the last of them knows, the call is made. What has to be loaded later on (another process took a
 * key, and failed) is called for together in its turn.
 */
export class LoadBatch<Id, T> {
  readonly #loadMany: LoadMany<Id, T>;
  readonly #gate: LoadGate;
  readonly #places: ReadonlyMap<Id, number>;
  readonly #undecided: Set<Id>;
  #wanted: Wanted<Id, T>[] = [];

  constructor(ids: readonly Id[], loadMany: LoadMany<Id, T>, gate: LoadGate) {
    this.#places = new Map(ids.map((id, index) => [id, index]));
    this.#undecided = new Set(ids);
    this.#loadMany = loadMany;
    this.#gate = gate;
  }

  /** The loader of one id. Its value is undefined when the id does not exist. */
  loaderOf(id: Id): Loader<T | undefined> {
    return (control) =>
      new Promise((resolve, reject) => {
        this.#wanted.push({ id, control, resolve, reject });
        if (this.#undecided.has(id)) this.decided(id);
        else if (this.#wanted.length === 1 && this.#undecided.size === 0)
          process.nextTick(() => this.#call());
      });
  }

  /** This id is to be loaded, or it is known that it is not now. */
  decided(id: Id): void {
    if (this.#undecided.delete(id) && this.#undecided.size === 0) this.#call();
  }

  #call(): void {
    // In the order in which they were asked for, whatever order Redis answered in.
    const wanted = this.#wanted.toSorted((a, b) => this.#place(a.id) - this.#place(b.id));
    this.#wanted = [];
    if (wanted.length > 0) void this.#load(wanted);
  }

  #place(id: Id): number {
    return this.#places.get(id) ?? 0;
  }

  async #load(wanted: Wanted<Id, T>[]): Promise<void> {
    try {
      const { done, hurry } = this.#gate.admit(() => {
        for (const { control } of wanted) control.begin();
        return this.#loadMany(wanted.map(({ id }) => id));
      });
      for (const { control } of wanted) control.queued(hurry);
      const values = await done;
      if (!(values instanceof Map)) {
        throw new CacheOptionError('loadMany', values, 'a function that gives a Map of the ids that exist');
      }
      for (const { id, resolve } of wanted) resolve(values.get(id) as T | undefined);
    } catch (error) {
      for (const { reject } of wanted) reject(error);
    }
  }
}
