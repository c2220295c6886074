import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'SCAN blocks nobody, and in a script it is one round trip.',
  caughtBy: 'left-alone',
  named: 'flush-or-walk',
  says: ['SCAN from a script'],
  change: [
    [
      'await redis.unlink(keys);',
      [
        'await redis.unlink(keys);',
        "      const walk = `local at = '0' repeat local found = redis.call('SCAN', at, 'MATCH', 'articles:search:*', 'COUNT', 500)",
        "        at = found[1] for _, key in ipairs(found[2]) do redis.call('UNLINK', key) end until at == '0'`;",
        '      await redis.eval(walk, 0);',
      ].join('\n'),
    ],
  ],
});
