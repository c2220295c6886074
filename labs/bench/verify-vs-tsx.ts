import type { Figure } from './support/figure.ts';
import { allLabs } from './support/labs.ts';
import { median, overTsx, timeVerify } from './support/timing.ts';

const ROUNDS = 5;

/** From the start to the end of `pnpm lab:verify NN`, warm: engines run, and what is compiled once is compiled. */
export default {
  id: 'verify-vs-tsx',
  title: 'Time of lab:verify NN for the median lab, over that of tsx for an empty file',
  target: { atMost: 4 },
  async measure({ log }) {
    const factors: number[] = [];
    for (const { lab } of await allLabs()) {
      const factor = await overTsx(ROUNDS, () => timeVerify(lab.id));
      log(`lab ${lab.id}  ${factor.toFixed(2)}`);
      factors.push(factor);
    }
    return median(factors);
  },
} satisfies Figure;
