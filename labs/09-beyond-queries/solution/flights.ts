/** Work that is under way in this process. Who wants the same thing meanwhile shares it, and its failure too. */
export class Flights {
  readonly #underWay = new Map<string, Promise<unknown>>();

  has(name: string): boolean {
    return this.#underWay.has(name);
  }

  async share<T>(name: string, work: () => Promise<T>): Promise<T> {
    const flight = (this.#underWay.get(name) as Promise<T> | undefined) ?? this.#start(name, work);
    return await flight;
  }

  #start<T>(name: string, work: () => Promise<T>): Promise<T> {
    const flight = work().finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, flight);
    return flight;
  }
}
