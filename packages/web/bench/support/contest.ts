import { Process } from './process.ts';

export interface ContestOptions {
  /** The addresses that are asked in turn, by the name of who answers. */
  readonly ours: string;
  readonly theirs: string;
  readonly callers: number;
  readonly rounds: number;
  /** How long each is asked in a round, in milliseconds. */
  readonly ms: number;
  readonly log: (line: string) => void;
}

/**
 * Answers a second of `ours` over those of `theirs`: the median of the rounds, each of which asks both, one right after the other, with the
 * same client in a process of its own. So a moment's load on the machine meets both, or falls out.
 */
export async function contest({ ours, theirs, callers, rounds, ms, log }: ContestOptions): Promise<number> {
  await using client = new Process('load.ts');
  const rate = async (url: string) => await client.ask<number>({ url, callers, ms });
  // What is compiled while it runs is compiled now.
  for (const url of [ours, theirs, ours, theirs]) await rate(url);
  const ratios: number[] = [];
  const rates: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round++) {
    const isFirst = round % 2 === 0;
    const first = await rate(isFirst ? ours : theirs);
    const second = await rate(isFirst ? theirs : ours);
    const [mine, other] = isFirst ? [first, second] : [second, first];
    rates.ours.push(mine);
    rates.theirs.push(other);
    ratios.push(mine / other);
  }
  const least = Math.min(...ratios);
  const most = Math.max(...ratios);
  log(
    `${median(rates.ours).toFixed(0)} answers/s over ${median(rates.theirs).toFixed(0)}; by round ${least.toFixed(2)} to ${most.toFixed(2)}`,
  );
  return median(ratios);
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
