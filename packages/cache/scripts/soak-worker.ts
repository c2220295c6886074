import { explain } from '../test/interleavings/report.ts';
import { runSchedules, withWire } from '../test/interleavings/run-schedules.ts';
import type { FromWorker, ToWorker } from './soak.ts';

/** How many failures are explained: each takes seconds, and the first says most. */
const EXPLAINED = 3;

/** One of the processes among which `soak` divides its schedules. It is told what to do, and answers, by IPC. */
process.once('message', (task: ToWorker) => {
  void work(task).finally(() => process.disconnect());
});

async function work({ redisUrl, seed, schedules, fault }: ToWorker): Promise<void> {
  const counts = { done: 0, readsChecked: 0, failed: 0, stale: 0 };
  const tell = (message: FromWorker, onSent?: () => void) => process.send?.(message, undefined, {}, onSent);
  const summary = await runSchedules({
    redisUrl,
    seed,
    schedules,
    fault,
    onVerdict: ({ violation, readsChecked }) => {
      counts.done++;
      counts.readsChecked += readsChecked;
      if (violation !== undefined) counts.failed++;
      if (violation?.kind === 'stale read') counts.stale++;
      if (counts.done % 250 === 0) tell({ kind: 'progress', counts });
    },
  });
  tell({ kind: 'progress', counts });
  const { steps, interleavings, strays, failures } = summary;
  const explained: string[] = [];
  for (const verdict of failures.slice(0, EXPLAINED)) {
    explained.push(await withWire(redisUrl, (run) => explain(run, verdict, fault)));
  }
  const failedSeeds = failures.map((verdict) => `${verdict.seed} (${verdict.violation?.kind})`);
  // The last message is long, and a disconnect would overtake it.
  await new Promise<void>((resolve) => {
    tell({ kind: 'end', steps, interleavings, strays, failedSeeds, explained }, resolve);
  });
}
