import { defineLab } from '@workshop/lab-kit';
import type { ArticleStore } from '../contract.ts';
import { answers, inMysql, limit, injection } from './checks/search.ts';
import { byId } from './checks/by-id.ts';
import { plan } from './checks/plan.ts';
import { pool, errors, close } from './checks/connections.ts';

export default defineLab<ArticleStore>({
  id: '01',
  name: 'direct-mysql',
  title: 'Direct MySQL queries',
  minutes: 25,
  returns: { search: 'rows', byId: 'row', explainSearch: 'object' },
  checks: [answers, inMysql, byId, plan, limit, injection, pool, errors, close],
});
