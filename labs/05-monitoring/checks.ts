import { defineLab } from '@workshop/lab-kit';
import type { MonitoredStore } from '../contract.ts';
import { aside, hitRatioLow, loadsSlow, memory, redisAway } from './checks/alarms.ts';
import { close } from './checks/close.ts';
import { counts, errors, labels } from './checks/counts.ts';
import { page } from './checks/page.ts';
import { ratio } from './checks/ratio.ts';
import { redisFigures } from './checks/redis-figures.ts';
import { times } from './checks/times.ts';

export default defineLab<MonitoredStore>({
  id: '05',
  name: 'monitoring',
  title: 'Monitoring',
  minutes: 45,
  privileges: 'SELECT, INSERT, UPDATE, DELETE',
  redis: 'own',
  redisOptions: { maxmemory: '12mb', maxmemoryPolicy: 'allkeys-lru' },
  returns: {
    search: 'rows',
    byId: 'row',
    readers: 'row',
    explainSearch: 'object',
    publish: 'anything',
    revise: 'anything',
    countRead: 'anything',
    metrics: 'anything',
    alarms: 'anything',
  },
  checks: [
    page,
    counts,
    errors,
    labels,
    times,
    redisFigures,
    ratio,
    hitRatioLow,
    loadsSlow,
    redisAway,
    memory,
    aside,
    close,
  ],
});
