import { closes } from '../../shared/closes.ts';
import type { LabCheck } from './lab-check.ts';

export const close: LabCheck = {
  id: 'close',
  title: 'close() still leaves no connection, and lets the process end',
  expected: 'after close() the process ends by itself',
  hint: 'Is there a second Redis client by now, or a timer?',
  hints: [
    'What did you add that lives as long as the process?',
    'One client can do all of it. If there are two, close() ends both; a timer is cleared.',
    { file: 'cache.ts', from: 'close() {', to: 'redis.disconnect()' },
  ],
  async run(context) {
    const { store } = context;
    await store.byId(7);
    await store.readers(7);
    return await closes(context);
  },
};
