import { parentPort, workerData } from 'node:worker_threads';
import type { CallersOptions, Tally } from './callers.ts';
import { Callers } from './callers.ts';

/** What this thread tells. */
export interface WorkerMessage {
  readonly tally: Tally;
  readonly isOver: boolean;
}

/** How often the run tells how far it is. */
const TELL_MS = 500;

/** A run of load in a thread of its own, so that asking does not take its turns from the event loop that answers. */
if (parentPort === null) throw new Error('load-worker.ts runs as a worker only.');
const port = parentPort;
const callers = new Callers(workerData as CallersOptions);
const tell = (isOver: boolean) =>
  port.postMessage({ tally: callers.tally(), isOver } satisfies WorkerMessage);

// Any message means: stop.
port.once('message', () => callers.stop());
const timer = setInterval(() => tell(false), TELL_MS);
await callers.run();
clearInterval(timer);
tell(true);
port.close();
