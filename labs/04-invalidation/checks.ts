import { defineLab } from '@workshop/lab-kit';
import type { WritableStore } from '../contract.ts';
import { columns } from './checks/columns.ts';
import { commitFirst } from './checks/commit-first.ts';
import { commitLost } from './checks/commit-lost.ts';
import { crossing } from './checks/crossing.ts';
import { evicted } from './checks/evicted.ts';
import { expiry } from './checks/expiry.ts';
import { fresh } from './checks/fresh.ts';
import { leftAlone } from './checks/left-alone.ts';
import { lists } from './checks/lists.ts';
import { redisAway } from './checks/redis-away.ts';
import { refused } from './checks/refused.ts';
import { restStays } from './checks/rest-stays.ts';
import { staleStore } from './checks/stale-store.ts';
import { written } from './checks/written.ts';

export default defineLab<WritableStore>({
  id: '04',
  name: 'invalidation',
  title: 'Invalidation',
  minutes: 45,
  privileges: 'SELECT, INSERT, UPDATE, DELETE',
  returns: {
    search: 'rows',
    byId: 'row',
    readers: 'row',
    explainSearch: 'object',
    publish: 'anything',
    revise: 'anything',
    countRead: 'anything',
  },
  checks: [
    written,
    columns,
    fresh,
    lists,
    leftAlone,
    restStays,
    commitFirst,
    refused,
    commitLost,
    crossing,
    staleStore,
    evicted,
    expiry,
    redisAway,
  ],
});
