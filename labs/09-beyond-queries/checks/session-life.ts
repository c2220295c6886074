import { fail } from '@workshop/lab-kit';
import { count } from '../../describe.ts';
import type { LabCheck } from './lab-check.ts';

const minute = 60_000;

const endsTooSoon = {
  mistake: 'not-sliding',
  leadsTo: 'A person who has been at work for half an hour loses the form they are filling in.',
};

export const sessionLife: LabCheck = {
  id: 'session-life',
  title: 'A session ends 30 minutes after its last use',
  expected:
    'used every 20 minutes it lives on; unused for 31 minutes it is gone; after an hour nothing is left in Redis',
  hint: 'sessions.ts: every use begins the 30 minutes anew, for the session and for whatever helps to find it.',
  hints: [
    'Which keys does one session need, and which of them does a use keep alive?',
    'PEXPIRE with each look, in the script that looks: for the hash of the session, and for the set of its user. A set that ends before its sessions do no longer knows what to sign out.',
    { file: 'sessions.ts', from: 'const use = `', to: "redis.call('PEXPIRE', ARGV[1] .. user" },
  ],
  async run({ store, redis, passTime, coldCache }) {
    const used = await store.signIn('ann');
    const unused = await store.signIn('ann');
    const written = await store.signIn('cleo');
    await passTime(20 * minute);
    await store.remember(written, 'theme', 'dark');
    if (!(await store.session(used))) fail('20 minutes after signIn() the session is gone', endsTooSoon);
    await passTime(20 * minute);
    if (!(await store.remember(used, 'theme', 'dark')))
      fail('a session that was looked at 20 minutes ago is gone', endsTooSoon);
    if (await store.session(unused)) {
      fail('40 minutes after its last use a session is still there', {
        mistake: 'never-ends',
        leadsTo:
          'Whoever finds the cookie, weeks later, is signed in; and Redis fills with visitors of long ago.',
      });
    }
    await store.remember(written, 'theme', 'light');
    await store.signOutEverywhere('cleo');
    if (await store.session(written)) outlives(40);
    await passTime(20 * minute);
    if (!(await store.session(used)))
      fail('a session that remember() used 20 minutes ago is gone', endsTooSoon);
    await passTime(29 * minute);
    if (!(await store.session(used))) fail('29 minutes after its last use the session is gone', endsTooSoon);
    await store.signOutEverywhere('ann');
    if (await store.session(used)) outlives(89);

    await coldCache();
    const id = await store.signIn('bob');
    await store.remember(id, 'theme', 'dark');
    await store.session(id);
    await passTime(31 * minute);
    if (
      (await store.session(id)) ||
      (await store.remember(id, 'theme', 'light')) ||
      (await store.session(id))
    )
      fail('31 minutes after its last use the session is still there, or remember() made it anew', {
        mistake: 'never-ends',
        leadsTo: 'Whoever finds the cookie, weeks later, is signed in.',
      });
    await passTime(30 * minute);
    const left = await redis.keys('*');
    if (left.length > 0) {
      fail(`an hour after the last use Redis still holds ${count(left.length, 'key')}, such as ${left[0]}`, {
        mistake: 'left-behind',
        leadsTo: 'Each visitor leaves something in Redis for good, until memory is full.',
      });
    }
    return 'alive after 89 minutes of use, gone after 31 without, nothing left after 61';
  },
};

function outlives(minutes: number): never {
  fail(`signOutEverywhere() left a session that had been in use for ${minutes} minutes`, {
    mistake: 'outlives-logout',
    leadsTo: 'A person changes their password because of a thief, and the thief stays signed in.',
    hint: 'sessions.ts: what knows the sessions of a user must live as long as the last of them.',
  });
}
