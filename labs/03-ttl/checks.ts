import { defineLab } from '@workshop/lab-kit';
import type { ExpiringStore } from '../contract.ts';
import { stillCached } from './checks/cached.ts';
import { close } from './checks/close.ts';
import { brokenHash, hash, hashLife } from './checks/hash.ts';
import { redisIll } from './checks/ill.ts';
import { keptLife, lives, spread } from './checks/lives.ts';
import { oneStep } from './checks/one-step.ts';
import { over } from './checks/over.ts';
import { vanishing } from './checks/vanishing.ts';
import { mysqlError, noReaders, readers, readersCached } from './checks/readers.ts';

export default defineLab<ExpiringStore>({
  id: '03',
  name: 'ttl',
  title: 'Expiry',
  minutes: 30,
  returns: { search: 'rows', byId: 'row', readers: 'row', explainSearch: 'object' },
  checks: [
    lives,
    spread,
    stillCached,
    keptLife,
    readers,
    readersCached,
    noReaders,
    hash,
    hashLife,
    brokenHash,
    oneStep,
    vanishing,
    over,
    mysqlError,
    redisIll,
    close,
  ],
});
