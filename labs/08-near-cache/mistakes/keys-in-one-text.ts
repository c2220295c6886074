import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A message names one key, as every message did that I saw.',
  caughtBy: 'other-writes',
  named: 'stale-local-copy',
  says: ['after it had resolved'],
  change: [
    [
      `  redis.on('messageBuffer', (_channel: Buffer, keys: unknown) => {
    if (Array.isArray(keys)) listener.changed(keys.map(String));
    else listener.turned(true);
  });`,
      `  redis.on('message', (_channel: string, key: unknown) => {
    if (key) listener.changed([String(key)]);
    else listener.turned(true);
  });`,
    ],
  ],
});
