import { CallFailed, fail, orFailure } from '@workshop/lab-kit';
import { warmUp } from '../../shared/warm-up.ts';
import type { LabCheck } from './lab-check.ts';

export const close: LabCheck = {
  id: 'close',
  title: 'close() ends the connections to every node, and lets the process end',
  expected: 'close() returns, and the process ends by itself, each within 5 s',
  hint: 'A Cluster has a connection for each node, and timers. Do you have two of them?',
  hints: [
    'How many connections does a process have now, and to whom?',
    'disconnect() of a Cluster ends all of its connections and its timers. What tries again now and then, stops too.',
    { file: 'cluster.ts', from: 'close() {', to: 'replicas.disconnect();' },
  ],
  async run(context) {
    const { store, finish } = context;
    await warmUp(store, context);
    const closed = await orFailure(store.close());
    if (closed instanceof CallFailed) fail(`close() failed: ${closed.remote.message}`, neverClosed);
    if (!(await finish())) fail('5 s after close() the process still runs', neverClosed);
    return 'the process ended';
  },
};

const neverClosed = {
  mistake: 'never-closed',
  leadsTo: 'Every deployment waits for a time-out, and each node keeps connections nobody uses.',
};
