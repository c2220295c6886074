import { fail, sameValue } from '@workshop/lab-kit';
import { describe } from '../../describe.ts';
import type { Context, LabCheck } from './lab-check.ts';

/** Names that a careless key or pattern takes for another's. */
const users = ['ann', 'Ann', 'ann:1', 'josé 🦠', '*', 'session', 'user'];
/** Characters of an id that differ from one to the next: 120 bits need 20 of them, at 64 signs each. */
const leastVarying = 20;
/** The last is what the solution calls the field of the user. */
const values: Record<string, string> = { theme: 'dark', 'a:b': '{"x":1}', empty: '0', user: 'root' };

export const sessions: LabCheck = {
  id: 'sessions',
  title: 'Sessions begin, remember and end, each for itself',
  expected: `${users.length} users with 2 sessions each: signing one out leaves the others alone`,
  hint: 'sessions.ts: a session is one key. How do you find every session of one user without looking at all keys?',
  hints: [
    'Given a user, which keys would you have to delete, and where is that written down?',
    'Keep a set for each user with the ids of their sessions: SADD when one begins, SREM when it ends, SMEMBERS when all end. A pattern would find `ann:1` for `ann`, and walk through all keys.',
    { file: 'sessions.ts', from: 'const signOutEverywhereScript', to: "redis.call('DEL', KEYS[1])`" },
  ],
  async run({ store }) {
    const ids: Record<string, [string, string]> = {};
    for (const user of users) ids[user] = [await store.signIn(user), await store.signIn(user)];
    const all = Object.values(ids).flat();
    judgeIds(all);
    const [first, second] = ids['ann']!;
    for (const user of users) for (const id of ids[user]!) await expectSession(store, id, user, {});

    for (const [name, value] of Object.entries(values)) {
      if (!(await store.remember(first, name, value)))
        fail(`remember() of a session that is there returned false`);
    }
    await expectSession(store, first, 'ann', values);
    await store.remember(first, 'theme', 'light');
    await expectSession(store, first, 'ann', { ...values, theme: 'light' });
    await expectSession(store, second, 'ann', {});
    await expectNone(store, 'no-such-session', 'an id that was never given out');

    await store.signOut('no-such-session');
    await store.signOut(first);
    await expectNone(store, first, 'signOut()');
    await expectSession(store, second, 'ann', {});

    for (const [gone, user] of users.toReversed().entries()) {
      await store.signOutEverywhere(user);
      for (const id of ids[user]!) await expectNone(store, id, `signOutEverywhere('${user}')`);
      for (const other of users.slice(0, users.length - 1 - gone)) {
        const id = ids[other]![1];
        if ((await store.session(id)) === undefined) {
          fail(`signOutEverywhere('${user}') ended a session of '${other}'`, {
            mistake: 'ends-others',
            leadsTo:
              'One person who signs out throws others out, and a person named `*` throws out everybody.',
          });
        }
      }
    }
    await expectSession(store, await store.signIn('ann'), 'ann', {});
    return `${all.length} sessions of ${users.length} users, each on its own`;
  },
};

function judgeIds(ids: string[]): void {
  const odd = ids.find((id) => typeof id !== 'string' || id === '');
  if (odd !== undefined) fail(`signIn() returned ${describe(odd)}, expected the id of the session`);
  if (new Set(ids).size < ids.length)
    fail(`${ids.length} sign-ins returned ${new Set(ids).size} different ids`);
  const longest = Math.max(...ids.map((id) => id.length));
  const varying = Array.from({ length: longest }, (_, at) => new Set(ids.map((id) => id[at])).size > 1);
  const count = varying.filter(Boolean).length;
  if (count < leastVarying) {
    fail(
      `${ids.length} session ids differ in ${count} characters, such as ${ids[0]} and ${ids[1]}: expected at least ${leastVarying}`,
      {
        mistake: 'guessable-id',
        leadsTo: 'Whoever counts up, or tries for an afternoon, is signed in as somebody else.',
        hint: 'sessions.ts: 120 random bits or more, from node:crypto: randomUUID() or randomBytes(16).',
      },
    );
  }
}

async function expectSession(
  store: Context['store'],
  id: string,
  user: string,
  remembered: Record<string, string>,
): Promise<void> {
  const session = await store.session(id);
  if (session?.user === user && sameValue(session.remembered, remembered)) return;
  if (session && session.user !== user) {
    fail(
      `the session of '${user}' that remembers ${describe(remembered)} is now that of ${describe(session.user)}`,
      {
        mistake: 'value-becomes-user',
        leadsTo: 'A form field named like yours turns any visitor into any user.',
        hint: 'sessions.ts: what a visitor may name, and what you name, need names that can never be the same.',
      },
    );
  }
  fail(
    `session() of '${user}' returned ${describe(session)}, expected { user, remembered: ${describe(remembered)} }`,
    session === undefined
      ? { leadsTo: 'A person who has just signed in is asked to sign in.' }
      : { leadsTo: 'What the visitor chose is lost, or another one has it.' },
  );
}

async function expectNone(store: Context['store'], id: string, after: string): Promise<void> {
  const outlives = {
    mistake: 'outlives-logout',
    leadsTo: 'Somebody signs out on a public computer, and the next person goes on in their name.',
  };
  const session = await store.session(id);
  if (session !== undefined) fail(`after ${after}, session() returned ${describe(session)}`, outlives);
  const remembers = await store.remember(id, 'theme', 'dark');
  if (remembers) fail(`after ${after}, remember() returned true`, outlives);
  const again = await store.session(id);
  if (again !== undefined)
    fail(`after ${after}, remember() made the session anew: ${describe(again)}`, outlives);
}
