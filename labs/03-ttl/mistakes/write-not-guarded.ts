import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The look is guarded, the write is not.',
  caughtBy: 'redis-ill',
  named: 'redis-error-fails-the-read',
  says: ['Redis is full'],
  change: [['lifeOf(value)).catch(() => {});', 'lifeOf(value));']],
});
