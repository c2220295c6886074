import { allAnswered } from '../../shared/answered.ts';
import { closes } from '../../shared/closes.ts';
import { articleReads } from '../../shared/reads.ts';
import type { LabCheck } from './lab-check.ts';

export const redisAway: LabCheck = {
  id: 'redis-away',
  title: 'Without Redis there is no lock, and reads are answered all the same',
  expected: 'Redis refuses, or hangs: every read answered within 5 s',
  hint: 'A lock that can not be asked for is no reason to wait. Every command can fail.',
  hints: [
    'Nobody can say who may load. Is that a reason for nobody to load?',
    'When the command for the lock fails, leave the waiting and send the query.',
    { file: 'cache.ts', from: "catch(() => 'away'", to: "if (lock === 'away') break;" },
  ],
  async run(context) {
    const { weather, restart } = context;
    const refused = weather.redis.refuse();
    await allAnswered(context, await articleReads(context, 'delta', 8), 'Redis refused');
    refused.stop();
    await restart();
    weather.redis.hang();
    await allAnswered(context, await articleReads(context, 'delta', 9), 'Redis hung');
    return '4 of 4 reads answered';
  },
};

export const close: LabCheck = {
  id: 'close',
  title: 'close() leaves no connection, no timer, and lets the process end',
  expected: 'after close(): 0 connections, and the process ends by itself',
  hint: 'A timer that renews a lock, or a second connection that waits for messages: who ends them?',
  hints: [
    'What did you open in this lab that lab 07 did not have?',
    'Every interval and every further connection is ended in close(); timers that nobody needs at the end can be unref()ed.',
    { file: 'cache.ts', from: 'close() {', to: 'redis.disconnect();' },
  ],
  async run(context) {
    await context.store.search('virus', 2);
    return await closes(context);
  },
};
