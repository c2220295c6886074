import { SimulatedProcess } from './simulated-process.ts';
import type { Surroundings } from './simulated-process.ts';
import type { Wire } from './wire.ts';

/**
 * One more process, which nothing holds up: its looks are reads that begin and end between two steps. So a value that must not be
 * there is found as soon as it is, and need not wait for one of the schedule's own reads to come by before it is overwritten.
 */
export class Onlooker {
  readonly #process: SimulatedProcess;

  constructor(wire: Wire, surroundings: Surroundings, prefix: string) {
    const onActivity = () => this.#passOn(wire);
    this.#process = new SimulatedProcess(-1, { ...surroundings, onActivity }, { prefix });
  }

  /** What a reader who came now would find, by key; keys of which there is nothing are left out. */
  async look(keys: readonly string[]): Promise<ReadonlyMap<string, number | undefined>> {
    const { cache } = this.#process;
    const found = await Promise.all(keys.map((key) => cache.get<number | undefined>(key)));
    return new Map(
      keys.flatMap((key, index) => {
        const each = found[index];
        return each?.outcome === 'hit' ? [[key, each.value]] : [];
      }),
    );
  }

  end(): Promise<void> {
    return this.#process.end();
  }

  #passOn(wire: Wire): void {
    for (const { command, done } of this.#process.client.unsent.splice(0)) {
      void done.then(({ deliver }) => deliver());
      wire.send(command);
    }
  }
}
