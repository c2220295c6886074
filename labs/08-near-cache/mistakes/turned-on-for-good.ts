import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Listening begins once, when the process starts.',
  caughtBy: 'disconnect',
  named: 'never-listens-again',
  says: ['still not answered from memory'],
  change: [[`redis.on('ready', () => {`, `redis.once('ready', () => {`]],
});
