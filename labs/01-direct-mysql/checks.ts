import { defineLab } from '@workshop/lab-kit';
import type { ArticleStore } from '../contract.ts';
import { byId } from './checks/by-id.ts';
import { close, pool } from './checks/connections.ts';
import { errors, mysqlReturns } from './checks/errors.ts';
import { injection } from './checks/injection.ts';
import { limit } from './checks/limit.ts';
import { plan } from './checks/plan.ts';
import { answers, inMysql } from './checks/search.ts';

export default defineLab<ArticleStore>({
  id: '01',
  name: 'direct-mysql',
  title: 'Direct MySQL queries',
  minutes: 25,
  returns: { search: 'rows', byId: 'row', explainSearch: 'object' },
  checks: [answers, inMysql, byId, plan, limit, injection, pool, errors, mysqlReturns, close],
});
