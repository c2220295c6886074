import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The key of the read that goes on is kept in a variable.',
  caughtBy: 'keys-apart',
  named: 'keys-collide',
  says: ['waited for MySQL', 'returned 5 rows, expected 3'],
  change: [
    [
      '    async getOrLoad<T>(key: string, load: () => Promise<T>): Promise<T> {',
      '    async getOrLoad<T>(wanted: string, load: () => Promise<T>): Promise<T> {\n      key = wanted;',
    ],
    [
      `  redis.on('error', () => {});`,
      `  redis.on('error', () => {});
  let key: string;`,
    ],
  ],
});
