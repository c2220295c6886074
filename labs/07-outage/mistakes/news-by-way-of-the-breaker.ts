import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Whatever is sent to Redis goes through its breaker.',
  caughtBy: 'stale-not-wrong',
  named: 'news-kept-back',
  says: ['Redis was well again'],
  change: [
    ['await payOwed().catch(() => {});\n    },', 'await breaker.run(payOwed).catch(() => {});\n    },'],
  ],
});
