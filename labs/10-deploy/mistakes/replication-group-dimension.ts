import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The alarm is on the replication group, so that is its dimension.',
  caughtBy: 'alarm-metrics',
  named: 'no-such-dimension',
  says: ['ReplicationGroupId', 'CacheClusterId'],
  change: [
    [
      `dimensionsMap: { CacheClusterId: \`\${cache.ref}-001\` }`,
      `dimensionsMap: { ReplicationGroupId: cache.ref }`,
    ],
  ],
});
