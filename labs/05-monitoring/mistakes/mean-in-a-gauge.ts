import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A gauge with the mean of the loads: one line in the graph.',
  caughtBy: 'page',
  named: 'wrong-type',
  says: ['it is a gauge'],
  change: [
    ['  const loadSeconds = new Histogram({', '  const loadSeconds = new Gauge({'],
    [
      `    help: 'Queries to MySQL, those that failed too.',
    labelNames: ['operation'],
    buckets: bounds,`,
      `    help: 'Queries to MySQL, those that failed too.',
    labelNames: ['operation'],`,
    ],
    ['loadSeconds.observe({ operation }, seconds);', 'loadSeconds.set({ operation }, seconds);'],
  ],
});
