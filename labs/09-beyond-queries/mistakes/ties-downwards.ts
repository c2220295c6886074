import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The highest score first: ZREVRANGE does that.',
  caughtBy: 'leaderboard',
  named: 'ties-in-wrong-order',
  says: ["row 2 is 'cleo', expected 'Zoe'"],
  change: [
    [
      '-Number(await redis.zincrby(key, -points, reader))',
      'Number(await redis.zincrby(key, points, reader))',
    ],
    [
      `redis.zrange(key, 0, \`\${count - 1}\`, 'WITHSCORES')`,
      "redis.zrevrange(key, 0, count - 1, 'WITHSCORES')",
    ],
    ['const points = -Number(reply[at + 1]);', 'const points = Number(reply[at + 1]);'],
    [
      "redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. score)",
      "redis.call('ZCOUNT', KEYS[1], '(' .. score, '+inf')",
    ],
    ['points: -Number(reply[0])', 'points: Number(reply[0])'],
  ],
});
