import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Tracking is on, so the memory can be used; the subscription comes next.',
  caughtBy: 'refused',
  named: 'kept-without-listening',
  says: ['did not answer SUBSCRIBE'],
  change: [
    [
      `    await redis.subscribe(channel);
    listener.turned(true);`,
      `    listener.turned(true);
    await redis.subscribe(channel);`,
    ],
  ],
});
