import { allAnswered } from '../../shared/answered.ts';
import { refuseWrites, stillLoading } from '../../shared/outages.ts';
import type { LabCheck } from './lab-check.ts';
import { allReads } from './reads.ts';

export const redisIll: LabCheck = {
  id: 'redis-ill',
  title: 'With Redis ill, readers() is answered from MySQL as the rest is',
  expected:
    'Redis takes no writes, answers with errors, hangs, refuses connections: every read answered, within 5 s',
  hint: 'Every Redis call can fail, those for the hash as well. A failed look is a miss; a failed write is no news.',
  hints: [
    'Which of the Redis calls that you added has no `catch`?',
    'If `readers` goes through the same function as `search` and `byId`, what protects them protects it. A transaction rejects as a whole.',
    { file: 'cache.ts', from: 'const found =', to: 'form.write(' },
  ],
  async run(context) {
    const { store, weather } = context;
    const reads = await allReads(context);
    await store.readers(7);
    const full = refuseWrites(weather);
    await allAnswered(context, reads, 'Redis is full');
    full.stop();
    const loading = stillLoading(weather);
    await allAnswered(context, reads, 'Redis was loading its data');
    loading.stop();
    const hanging = weather.redis.hang();
    await allAnswered(context, reads, 'Redis stopped answering');
    hanging.stop();
    weather.redis.refuse();
    await allAnswered(context, reads, 'Redis went away');
    return `${reads.length} reads answered from MySQL, 4 times`;
  },
};
