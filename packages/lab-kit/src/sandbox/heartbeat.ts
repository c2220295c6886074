/** How often a process is asked whether it still answers, ms. */
const beatMs = 10;
/** For so many beats time goes on while something is under way: who asks again every few ms gets to do so. */
const firstBeats = 5;
/** What never comes to rest has time pass for it all the same, after so many beats and at half the pace. */
const mostRestless = 50;
/** A limit is reached by the machine's clock too, this many times later. */
const slowest = 6;

/**
 * Whether time goes on for a process. `waits`: something is under way between it and the stores, so not yet. `stands`: the checks alone move
 * its clock on, however long that takes them.
 */
export type Flow = 'goes' | 'waits' | 'stands';

interface Limit {
  ms: number;
  /** By the process's clock. */
  since: number;
  /** How long the process has not answered, and how long the limit has been there, in beats. */
  silent: number;
  beats: number;
  reached: () => void;
}

/**
 * Asks a process in short turns whether it still answers, and gives its clock the word to go on. Limits go by that clock, or
 * by the turns in which no answer came: on a busy machine both take longer, and a limit is reached by what never ends.
 */
export class Heartbeat {
  readonly #tick: (goesOn: boolean) => Promise<number | undefined>;
  readonly #limits = new Set<Limit>();
  #flow: (() => Flow) | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** What passed for the process while this was beating, ms. */
  #elapsedMs = 0;
  /** Its last answer; none since the beating began. */
  #shown: number | undefined;
  #isAsking = false;
  #hasEnded = false;
  #restless = 0;

  /** @param tick asks once. @returns what its clock shows, ms; undefined when it ended */
  constructor(tick: (goesOn: boolean) => Promise<number | undefined>) {
    this.#tick = tick;
  }

  /** Beats until the end, and not only while there is a limit. @param flow whether time goes on now */
  pace(flow: () => Flow): void {
    this.#flow = flow;
    this.#start();
  }

  /** @returns what takes the limit back */
  limit(ms: number, reached: () => void): () => void {
    const limit = { ms, since: this.#elapsedMs, silent: 0, beats: 0, reached };
    this.#limits.add(limit);
    this.#start();
    return () => {
      this.#limits.delete(limit);
      if (this.#limits.size === 0 && !this.#flow) this.#stop();
    };
  }

  /** For good: the process has ended. */
  end(): void {
    this.#hasEnded = true;
    this.#stop();
  }

  #start(): void {
    if (!this.#hasEnded) this.#timer ??= setInterval(() => this.#beat(), beatMs);
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#shown = undefined;
  }

  #beat(): void {
    for (const limit of this.#limits) {
      limit.beats += 1;
      limit.silent = this.#isAsking ? limit.silent + 1 : 0;
      const took = Math.max(
        this.#elapsedMs - limit.since,
        limit.silent * beatMs,
        (limit.beats * beatMs) / slowest,
      );
      if (took >= limit.ms) limit.reached();
    }
    if (!this.#isAsking) void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    const shown = await this.#tick(this.#goesOn());
    this.#isAsking = false;
    // Ended, or nobody counts any more.
    if (shown === undefined || this.#timer === undefined) return;
    this.#elapsedMs += shown - (this.#shown ?? shown);
    this.#shown = shown;
  }

  #goesOn(): boolean {
    const flow = this.#flow?.() ?? 'goes';
    if (flow === 'stands') return false;
    this.#restless = flow === 'waits' ? this.#restless + 1 : 0;
    if (this.#restless <= firstBeats) return true;
    return this.#restless > mostRestless && this.#restless % 2 === 0;
  }
}
