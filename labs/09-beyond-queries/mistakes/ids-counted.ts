import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'INCR gives an id that no other session has.',
  caughtBy: 'sessions',
  named: 'guessable-id',
  says: ['characters, such as session-1'],
  change: [
    ['const id = randomUUID();', `const id = \`session-\${await redis.incr('session-id')}\`;`],
    [
      `import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { SiteStore } from '../../contract-site.ts';

const lifeMs`,
      `import type { Redis } from 'ioredis';
import type { SiteStore } from '../../contract-site.ts';

const lifeMs`,
    ],
  ],
});
