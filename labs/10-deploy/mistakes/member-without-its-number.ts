import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The cluster is called what the replication group is called.',
  caughtBy: 'alarm-metrics',
  named: 'wrong-dimension-value',
  says: ['CacheClusterId=cache;', 'CacheClusterId=cache-001'],
  change: [[`\`\${cache.ref}-001\``, `cache.ref`]],
});
