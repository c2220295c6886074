import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A set knows exactly who has read.',
  caughtBy: 'unique-readers',
  named: 'memory-grows',
  says: ['expected at most 32'],
  change: [
    ['await redis.pfadd(key(article), visitor);', 'await redis.sadd(key(article), visitor);'],
    ['await redis.pfcount(...articles.map(key))', '(await redis.sunion(...articles.map(key))).length'],
  ],
});
