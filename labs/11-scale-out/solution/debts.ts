/** How often what is owed is tried again, ms. */
const retryMs = 250;

/** Generations whose removal Redis has not confirmed: a node may be away just when something is written. */
export class Debts {
  readonly #remove: (key: string) => Promise<unknown>;
  /** By key: which write it is that the key is owed to. */
  readonly #owed = new Map<string, symbol>();
  #retry: NodeJS.Timeout | undefined;

  /** @param remove removes one key. Rejects when that is not certain. */
  constructor(remove: (key: string) => Promise<unknown>) {
    this.#remove = remove;
  }

  /** Removes these keys: now, or as soon as their node takes it. Rejects when that is not now. */
  async add(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.#owed.set(key, Symbol(key));
    this.#retry ??= setInterval(() => void this.pay([...this.#owed.keys()]).catch(() => {}), retryMs).unref();
    await this.pay(keys);
  }

  /** Rejects unless nothing is owed of these keys. The others may wait: their node may be another. */
  async pay(keys: readonly string[]): Promise<void> {
    await Promise.all(keys.map(async (key) => await this.#payOne(key)));
    if (this.#owed.size === 0) this.close();
  }

  close(): void {
    clearInterval(this.#retry);
    this.#retry = undefined;
  }

  async #payOne(key: string): Promise<void> {
    const debt = this.#owed.get(key);
    if (debt === undefined) return;
    await this.#remove(key);
    // Unless there was another write meanwhile: its own removal may not have come through.
    if (this.#owed.get(key) === debt) this.#owed.delete(key);
  }
}
