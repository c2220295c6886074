import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Redis has a memory usage, so there is a metric MemoryUsage.',
  caughtBy: 'alarm-metrics',
  named: 'no-such-metric',
  says: ['MemoryUsage', 'does not report'],
  change: [[`ofCache('DatabaseMemoryUsagePercentage')`, `ofCache('MemoryUsage')`]],
});
