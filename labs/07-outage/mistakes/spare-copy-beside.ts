import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A second copy for bad times, under a name of its own.',
  caughtBy: 'stale-not-wrong',
  named: 'stale-after-write',
  says: ['resolved, then MySQL failed'],
  change: [
    [
      '    await breaker.run(async () => await form.write(redis, key, value, lifeMs)).catch(() => {});',
      `    await breaker.run(async () => await form.write(redis, key, value, lifeMs)).catch(() => {});
    await form.write(redis, \`spare:\${key.split('@')[0]}\`, value, lifeMs).catch(() => {});`,
    ],
    [
      '      if (!kept) throw error;',
      `      kept ??= await look(form, \`spare:\${key}\`).catch(() => undefined);
      if (!kept) throw error;`,
    ],
  ],
});
