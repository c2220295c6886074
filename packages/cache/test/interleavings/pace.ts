import type { Random } from './random.ts';

export type StepKind = 'begin' | 'send' | 'reply' | 'load' | 'poll' | 'renew' | 'connect';

/**
 * A load takes longer than a command, and most of what may go wrong goes wrong while one runs. Operations begin when the ones before are
 * somewhere on their way. Polling for a lease and renewing one could go on for ever, so they are rarer than what they wait for. Measured:
 * with these, four times as many schedules find a lease that survived an invalidation as with a load's likelihood of 1.
 */
const LIKELIHOODS: Readonly<Record<StepKind, number>> = {
  begin: 0.25,
  send: 1,
  reply: 1,
  load: 0.06,
  poll: 0.05,
  renew: 0.003,
  connect: 0.06,
};

const SPEEDS = [0.05, 0.3, 1, 1, 4] as const;

/**
 * How eagerly each kind of step is taken in each process, drawn anew now and then. Were every step as likely as every other, one process
 * would never be far behind another, and it is the late reply and the slow load that races are made of (compare the
 * random priorities of Burckhardt and others, "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs", ASPLOS 2010).
 */
export class Pace {
  readonly #random: Random;
  readonly #speeds = new Map<string, number>();

  constructor(random: Random) {
    this.#random = random;
  }

  weight(kind: StepKind, process: number): number {
    const name = `${kind} ${process}`;
    let speed = this.#speeds.get(name);
    if (speed === undefined || this.#random.chance(0.03)) {
      speed = this.#random.pick(SPEEDS);
      this.#speeds.set(name, speed);
    }
    return speed * LIKELIHOODS[kind];
  }
}
