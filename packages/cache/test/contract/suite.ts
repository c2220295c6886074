import { afterAll, beforeAll, describe } from 'vitest';
import { makeBench } from './bench.ts';
import { closing } from './sections/closing.ts';
import { reading } from './sections/reading.ts';
import { removing } from './sections/removing.ts';
import { sharing } from './sections/sharing.ts';
import { staying } from './sections/staying.ts';
import type { Topology } from './topologies.ts';

/** What the cache promises, whatever it runs on: the same tests for each topology, on real servers. */
export function describeContract(
  name: string,
  start: () => Promise<Topology>,
  more: (topology: () => Topology) => void = () => {},
): void {
  describe(`on ${name}`, () => {
    let topology: Topology | undefined;
    beforeAll(async () => {
      topology = await start();
    });
    afterAll(() => topology?.stop());
    const bench = makeBench(() => {
      if (topology === undefined) throw new Error('The servers are not up.');
      return topology;
    });
    for (const section of [reading, sharing, removing, staying, closing]) section(bench);
    more(bench.topology);
  });
}
