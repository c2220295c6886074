import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The time of a request is its member as well as its score.',
  caughtBy: 'rate-limit',
  named: 'members-collide',
  says: ['of 12 requests in one millisecond 12 were allowed'],
  change: [
    ['most, randomUUID(), windowMs]', 'most, at, windowMs]'],
    [
      `import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { SiteStore } from '../../contract-site.ts';

const most = 10`,
      `import type { Redis } from 'ioredis';
import type { SiteStore } from '../../contract-site.ts';

const most = 10`,
    ],
  ],
});
