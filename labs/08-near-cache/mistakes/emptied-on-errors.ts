import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A lost connection is an error; that one may be closed without any does not show.',
  caughtBy: 'one-connection',
  named: 'deaf-after-a-lost-connection',
  says: ['another process wrote'],
  change: [
    ["redis.on('close', () => listener.turned(false));", "redis.on('error', () => listener.turned(false));"],
  ],
});
