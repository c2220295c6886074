import { appendFile, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LabSession, storeFile, WorkWatcher, type EngineUrls } from '@workshop/lab-kit';
import type { Figure } from './support/figure.ts';
import { allLabs, type BenchLab } from './support/labs.ts';
import { labsRoot, median, overTsx } from './support/timing.ts';

const ROUNDS = 5;

/** From a save to the verdict, as `pnpm lab:watch` does it: a session that stays, and processes that wait. */
export default {
  id: 'watch-vs-tsx',
  title: 'Time from save to verdict in lab:watch for the median lab, over that of tsx for an empty file',
  target: { atMost: 2 },
  async measure({ mysqlUrl, redisUrl, log }) {
    const factors: number[] = [];
    for (const lab of await allLabs()) {
      const factor = await watchOverTsx(lab, { mysqlUrl, redisUrl });
      log(`lab ${lab.lab.id}  ${factor.toFixed(2)}`);
      factors.push(factor);
    }
    return median(factors);
  },
} satisfies Figure;

async function watchOverTsx({ lab, root }: BenchLab, engines: EngineUrls): Promise<number> {
  const copies = join(labsRoot, '.checked');
  await mkdir(copies, { recursive: true });
  const work = await mkdtemp(join(copies, 'bench-'));
  await cp(join(root, 'solution'), work, { recursive: true });
  const session = new LabSession({ lab, engines });
  const entry = join(work, lab.entry ?? storeFile);
  let saved = () => {};
  const watcher = await WorkWatcher.start(work, () => saved());
  try {
    return await overTsx(ROUNDS, async () => {
      await session.prepare();
      const told = new Promise<void>((resolve) => (saved = resolve));
      const startedAt = performance.now();
      await appendFile(entry, '\n');
      await told;
      const verdict = await session.run({ entry });
      const tookMs = performance.now() - startedAt;
      if (!verdict.passed) throw new Error(`lab ${lab.id}: the solution does not pass`);
      return tookMs;
    });
  } finally {
    watcher.close();
    await session.close();
    await rm(work, { recursive: true, force: true });
  }
}
