import { fail, orFailure } from '@workshop/lab-kit';
import { isOwnCommand } from './commands.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { answersAgain } from './redis-away.ts';

const twice = {
  mistake: 'sent-twice',
  leadsTo: 'With each failover some readers get their points twice, and the same news is published again.',
};

export const sentOnce: LabCheck = {
  id: 'sent-once',
  title: 'A reply that is lost does not double a write',
  expected: 'the connection breaks while the reply comes: 5 points are added once or not at all',
  hint: 'site.ts: what does your client do with a command that it has sent, when the connection breaks before the reply?',
  hints: [
    'Redis has added the points, and the reply was lost. How would a client know that?',
    'ioredis sends such a command again, unless told not to: `autoResendUnfulfilledCommands`. Then the call rejects, and the caller decides.',
    { file: 'site.ts', from: 'Of a command whose reply', to: 'autoResendUnfulfilledCommands' },
  ],
  async run(context) {
    const { store } = context;
    await store.addPoints('ann', 100);
    await store.publishNews('before');
    await lostReply(
      context,
      () => store.addPoints('ann', 5),
      () => store.addPoints('bob', 5),
    );
    const points = (await store.standing('bob'))?.points ?? 0;
    if (points > 5)
      fail(`the reply to addPoints('bob', 5) was lost: bob has ${points} points, expected 5 or none`, twice);
    await lostReply(
      context,
      () => store.publishNews('calm'),
      () => store.publishNews('lost'),
    );
    const pieces = (await store.newsSince()).filter(({ text }) => text === 'lost').length;
    if (pieces > 1)
      fail(`the reply to publishNews() was lost: the piece is there ${pieces} times, expected once`, twice);
    return 'the replies to an addition and a piece of news were lost: neither happened twice';
  },
};

/** The connection breaks at the reply to the last command of the call: by then the write has happened. */
async function lostReply(
  context: Context,
  inCalm: () => Promise<unknown>,
  call: () => Promise<unknown>,
): Promise<void> {
  const { observe, weather } = context;
  const calm = await observe(inCalm);
  const last = calm.redis.filter(isOwnCommand).length;
  let commands = 0;
  weather.redis.cutReply((event) => isOwnCommand(event) && ++commands === last);
  await orFailure(call());
  await answersAgain(context, 'lost a connection');
}
