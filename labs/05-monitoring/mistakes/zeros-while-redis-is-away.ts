import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'While Redis is away, it uses no memory and finds no keys.',
  caughtBy: 'errors',
  named: 'figures-while-away',
  says: ['expected nothing'],
  change: [['(info ? metric.set(info[figure]) : metric.remove())', 'metric.set(info?.[figure] ?? 0)']],
});
