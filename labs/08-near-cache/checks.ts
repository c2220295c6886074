import { defineLab } from '@workshop/lab-kit';
import type { MonitoredStore } from '../contract.ts';
import { bounded, life } from './checks/bounds.ts';
import { crossing } from './checks/crossing.ts';
import { disconnect } from './checks/disconnect.ts';
import { fromMemory } from './checks/from-memory.ts';
import { oneConnection } from './checks/one-connection.ts';
import { otherWrites, restStays } from './checks/other-writes.ts';
import { ownWrites } from './checks/own-writes.ts';
import { refused } from './checks/refused.ts';
import { close, redisAway } from './checks/still.ts';
import { flushed, lostMessage } from './checks/untold.ts';

export default defineLab<MonitoredStore>({
  id: '08',
  name: 'near-cache',
  title: 'The near cache',
  minutes: 40,
  privileges: 'SELECT, INSERT, UPDATE, DELETE',
  // Redis tells of changes in all its databases, and FLUSHDB in one of them is told as if it were all.
  redis: 'own',
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
    fromMemory,
    flushed,
    otherWrites,
    ownWrites,
    restStays,
    crossing,
    disconnect,
    oneConnection,
    refused,
    lostMessage,
    life,
    bounded,
    redisAway,
    close,
  ],
});
