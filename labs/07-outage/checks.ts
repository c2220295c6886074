import { defineLab } from '@workshop/lab-kit';
import type { MonitoredStore } from '../contract.ts';
import { mysqlBreaker, redisBreaker } from './checks/breakers.ts';
import { cap } from './checks/cap.ts';
import { close } from './checks/close.ts';
import { freshFirst, stale, staleEnds, staleNotWrong } from './checks/stale.ts';
import { hungQueries, patience, waits } from './checks/waits.ts';
import { writes } from './checks/writes.ts';

export default defineLab<MonitoredStore>({
  id: '07',
  name: 'outage',
  title: 'Outages',
  minutes: 60,
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
    waits,
    hungQueries,
    patience,
    cap,
    mysqlBreaker,
    redisBreaker,
    freshFirst,
    stale,
    staleEnds,
    staleNotWrong,
    writes,
    close,
  ],
});
