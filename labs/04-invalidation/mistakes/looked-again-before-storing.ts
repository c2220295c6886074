import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The generation is compared before the answer is stored, in another command.',
  caughtBy: 'stale-store',
  named: 'stale-store',
  says: ['at its'],
  change: [
    [
      'const current = `${key}@${generations.join()}`;',
      "const current = key.includes(':search:') ? `${key}@${generations.join()}` : key;",
    ],
    [
      'await form.write(redis, current, value, lifeOf(value)).catch(() => {});',
      `const now = await generationsOf(redis, tags).catch(() => undefined);
      if (now?.join() === generations.join()) await form.write(redis, current, value, lifeOf(value)).catch(() => {});`,
    ],
    [
      'await redis.unlink(keys);',
      [
        'await redis.unlink(keys);',
        `      const ids = keys.map((name) => name.split(':').at(-1) ?? '');`,
        '      await redis.unlink(ids.flatMap((id) => [`articles:id:${id}`, `articles:readers:${id}`]));',
      ].join('\n'),
    ],
  ],
});
