/** Keeps the last part of what a process prints: a learner's endless `console.log` must not fill our memory. */
export class OutputTail {
  #text = '';
  #dropped = 0;
  readonly #limit: number;

  /** @param limit characters kept */
  constructor(limit = 8 * 1024) {
    this.#limit = limit;
  }

  push(chunk: Buffer): void {
    this.#text += chunk.toString('utf8');
    const excess = this.#text.length - this.#limit;
    if (excess <= 0) return;
    this.#dropped += excess;
    this.#text = this.#text.slice(excess);
  }

  toString(): string {
    return this.#dropped > 0 ? `(${this.#dropped} characters before this)\n${this.#text}` : this.#text;
  }
}
