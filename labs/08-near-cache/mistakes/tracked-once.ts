import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The client subscribes again by itself; that the tracking ended with its connection does not show.',
  caughtBy: 'one-connection',
  named: 'deaf-after-a-lost-connection',
  says: ['another process wrote'],
  change: [
    ['autoResubscribe: false,', 'autoResubscribe: true,'],
    [
      `    listen().catch(() => redis.disconnect(true));
`,
      `    if (tracks) listener.turned(true);
    else listen().catch(() => redis.disconnect(true));
`,
    ],
    [
      `  async function listen(): Promise<void> {
`,
      `  let tracks = false;
  async function listen(): Promise<void> {
    tracks = true;
`,
    ],
  ],
});
