import { defineLab } from '@workshop/lab-kit';
import type { MonitoredStore } from '../contract.ts';
import { close } from './checks/close.ts';
import { everyNode } from './checks/every-node.ts';
import { failover, silent } from './checks/failover.ts';
import { lag } from './checks/lag.ts';
import { replicas } from './checks/replicas.ts';
import { resharding } from './checks/resharding.ts';
import { writes } from './checks/writes.ts';

export default defineLab<MonitoredStore>({
  id: '11',
  name: 'scale-out',
  title: 'Scaling out',
  minutes: 60,
  redis: 'cluster',
  // Six servers are enough for a laptop.
  lanes: 1,
  privileges: 'SELECT, INSERT, UPDATE, DELETE',
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
  checks: [everyNode, writes, replicas, lag, resharding, close, failover, silent],
});
