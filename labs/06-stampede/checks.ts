import { defineLab } from '@workshop/lab-kit';
import type { MonitoredStore } from '../contract.ts';
import { afterWrite } from './checks/after-write.ts';
import { failingLoad } from './checks/failing-load.ts';
import { ownerDies, slowOwner } from './checks/locks.ts';
import { acrossProcesses, oneLoad } from './checks/one-load.ts';
import { refresh, refreshFails } from './checks/refresh.ts';
import { secondLook } from './checks/second-look.ts';
import { sideBySide } from './checks/side-by-side.ts';
import { close, redisAway } from './checks/still.ts';
import { waiters } from './checks/waiters.ts';

export default defineLab<MonitoredStore>({
  id: '06',
  name: 'stampede',
  title: 'Stampedes',
  minutes: 40,
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
  checks: [
    oneLoad,
    acrossProcesses,
    sideBySide,
    waiters,
    failingLoad,
    ownerDies,
    slowOwner,
    afterWrite,
    refresh,
    refreshFails,
    secondLook,
    redisAway,
    close,
  ],
});
