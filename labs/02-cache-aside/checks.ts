import { defineLab } from '@workshop/lab-kit';
import type { ArticleStore } from '../contract.ts';
import { answers, secondRead, hitEqualsMiss, emptyCached, errorNotCached } from './checks/hits.ts';
import { expiry, ownKeys, shared, close } from './checks/entries.ts';
import { keysApart } from './checks/keys-apart.ts';
import { redisRefuses, redisHangs, redisFull, redisReturns } from './checks/outages.ts';

export default defineLab<ArticleStore>({
  id: '02',
  name: 'cache-aside',
  title: 'Cache-aside',
  minutes: 30,
  returns: { search: 'rows', byId: 'row', explainSearch: 'object' },
  checks: [
    answers,
    secondRead,
    hitEqualsMiss,
    keysApart,
    emptyCached,
    expiry,
    errorNotCached,
    ownKeys,
    shared,
    close,
    redisRefuses,
    redisHangs,
    redisFull,
    redisReturns,
  ],
});
