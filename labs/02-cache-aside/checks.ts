import { defineLab } from '@workshop/lab-kit';
import type { ArticleStore } from '../contract.ts';
import { answers } from './checks/answers.ts';
import { close, expiry, ownKeys } from './checks/entries.ts';
import { emptyCached, secondRead, shared } from './checks/hits.ts';
import { keyWidth } from './checks/key-width.ts';
import { keysApart } from './checks/keys-apart.ts';
import { redisFull, redisHangs, redisRefuses, redisReturns } from './checks/outages.ts';
import { errorNotCached, hitEqualsMiss } from './checks/same-values.ts';

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
    keyWidth,
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
