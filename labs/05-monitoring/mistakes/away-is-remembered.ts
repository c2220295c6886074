import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Once away, the alarm stays until somebody has looked into it.',
  caughtBy: 'redis-away',
  named: 'never-clears',
  says: ['still fires'],
  change: [
    [
      '  const redis = new RedisWatch();',
      `  const redis = new RedisWatch();
  let wasAway = false;`,
    ],
    [
      '      return judge(recent, now, redis.recentEvictions);',
      `      wasAway ||= now === undefined;
      return judge(recent, wasAway ? undefined : now, redis.recentEvictions);`,
    ],
  ],
});
