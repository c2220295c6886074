/**
 * Measures things side by side. The tools made for it (tinybench, mitata) run one contestant to its end before the next begins,
 * so that a busy minute of a shared machine hits one of them alone, and time calls one by one, which says
 * nothing of how many reads a second 64 callers get. Here the contestants take short turns, in an order that shifts from
 * round to round, and what counts is the median of the rounds' ratios.
 */
export interface Contestant {
  readonly name: string;
  /** One read; `turn` counts up from 0 within a round. */
  readonly read: (turn: number) => unknown;
}

export interface Conditions {
  readonly callers: number;
  readonly rounds: number;
  /** One contestant's part of a round: about so long, or exactly so many reads. */
  readonly slice: { readonly ms: number } | { readonly reads: number };
}

/** Reads per second, by the name of the contestant, one number a round. */
export type Rates = ReadonlyMap<string, readonly number[]>;

export async function contest(contestants: readonly Contestant[], conditions: Conditions): Promise<Rates> {
  const { callers, rounds, slice } = conditions;
  const readsOf = new Map<string, number>();
  for (const contestant of contestants)
    readsOf.set(contestant.name, await warmUp(contestant, callers, slice));
  const rates = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let place = 0; place < contestants.length; place += 1) {
      const contestant = contestants[(round + place) % contestants.length]!;
      const rate = await readsPerSecond(contestant, callers, readsOf.get(contestant.name)!);
      rates.get(contestant.name)!.push(rate);
    }
  }
  return rates;
}

/** How many reads are a slice, found out while the code is being compiled. */
async function warmUp(contestant: Contestant, callers: number, slice: Conditions['slice']): Promise<number> {
  let reads = callers * 20;
  for (let run = 0; run < 3; run += 1) {
    const rate = await readsPerSecond(contestant, callers, reads);
    reads = Math.max(callers, Math.round((rate * ('ms' in slice ? slice.ms : 100)) / 1_000));
  }
  return 'ms' in slice ? reads : slice.reads;
}

/** No clock is read while it runs: for the fastest contestants that alone would count. */
async function readsPerSecond({ read }: Contestant, callers: number, reads: number): Promise<number> {
  let turn = 0;
  const caller = async (): Promise<void> => {
    while (turn < reads) {
      const mine = turn;
      turn += 1;
      await read(mine);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: callers }, caller));
  return (reads / (performance.now() - startedAt)) * 1_000;
}

/** The median over the rounds of how many times as fast `name` was as `other`. */
export function ratio(rates: Rates, name: string, other: string): number {
  const others = rates.get(other)!;
  return median(rates.get(name)!.map((rate, round) => rate / others[round]!));
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** `cachified 0.48, bentocache 0.39`: every contestant but `unit` as a multiple of it, the fastest first. */
export function ratiosLine(rates: Rates, unit: string): string {
  return [...rates.keys()]
    .filter((name) => name !== unit)
    .map((name) => ({ name, times: ratio(rates, name, unit) }))
    .toSorted((one, other) => other.times - one.times)
    .map(({ name, times }) => `${name} ${times.toFixed(2)}`)
    .join(', ');
}
