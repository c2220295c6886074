import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'CPU is what gets scarce first.',
  caughtBy: 'alarms',
  named: 'alarm-missing',
  says: ['DatabaseMemoryUsagePercentage', '2 alarms'],
  change: [
    [
      `    watch('CacheMemory', ofCache('DatabaseMemoryUsagePercentage'), 80);
`,
      ``,
    ],
  ],
});
