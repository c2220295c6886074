import { closes } from '../../shared/closes.ts';
import type { LabCheck } from './lab-check.ts';

export const close: LabCheck = {
  id: 'close',
  title: 'close() still leaves no connection, and lets the process end',
  expected: 'after close() the process ends by itself',
  hint: 'Is there a timer by now, or a second Redis client?',
  hints: [
    'What did you add that lives as long as the process?',
    'Nothing here needs a timer: old slices go when somebody counts or looks. One that is there is cleared by close(), a second client disconnected.',
    { file: 'recent.ts', from: 'const from = performance.now() - windowMs', to: 'this.#slices.shift()' },
  ],
  async run(context) {
    const { store } = context;
    await store.byId(7);
    await store.metrics();
    await store.alarms();
    return await closes(context);
  },
};
