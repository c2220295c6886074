import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The generation is read when it is needed: as the answer is stored.',
  caughtBy: 'stale-store',
  named: 'stale-store',
  says: ['stopped', 'was done meanwhile'],
  change: [
    [
      'await form.write(redis, current, value, lifeOf(value)).catch(() => {});',
      [
        'const now = await generationsOf(redis, tags).catch(() => undefined);',
        '      if (now) await form.write(redis, `${key}@${now.join()}`, value, lifeOf(value)).catch(() => {});',
      ].join('\n'),
    ],
  ],
});
