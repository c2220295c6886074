/**
 * Shares one call among all who ask for the same thing in one turn of the event loop. It is made at the turn's end, so everyone's reason
 * for asking is older than the call: what it finds out is news to all of them.
 */
export class TurnShare<T> {
  #calls = new Map<string, Promise<T>>();

  run(key: string, call: () => Promise<T>): Promise<T> {
    const shared = this.#calls.get(key);
    if (shared !== undefined) return shared;
    const isFirst = this.#calls.size === 0;
    const made = new Promise<T>((resolve, reject) => {
      // As in ReadGather: a `nextTick` runs after the last microtask of the turn.
      process.nextTick(() => {
        if (isFirst) this.#calls = new Map();
        call().then(resolve, reject);
      });
    });
    this.#calls.set(key, made);
    return made;
  }
}
