import { fail } from '@workshop/lab-kit';
import type { Session } from '../../contract-site.ts';
import { begun } from './begun.ts';
import { interleave } from './interleave.ts';
import type { Context, LabCheck } from './lab-check.ts';

const inOneProcess = 6;

interface State {
  user: string;
  id: string;
}

type Call = (store: Context['store'], state: State) => Promise<unknown>;

const look: Call = async (store, { id }) => await store.session(id);
const remember: Call = async (store, { id }) => await store.remember(id, 'theme', 'dark');
const signOut: Call = async (store, { id }) => await store.signOut(id);
const everywhere: Call = async (store, { user }) => await store.signOutEverywhere(user);

/** One of the two ends the session; whichever comes between, it has ended. */
const pairs: [names: string, first: Call, second: Call][] = [
  ['remember() while signOut()', remember, signOut],
  ['session() while signOut()', look, signOut],
  ['remember() while signOutEverywhere()', remember, everywhere],
  ['session() while signOutEverywhere()', look, everywhere],
  ['signOut() while remember()', signOut, remember],
  ['signOutEverywhere() while remember()', everywhere, remember],
];

export const signOutRace: LabCheck = {
  id: 'sign-out-race',
  title: 'Signed out is signed out, whatever happens at the same time',
  expected:
    'a call of another process between any two commands: no session comes back, and none is forgotten',
  hint: 'sessions.ts: "is it there?" and "write to it" are two steps. What if the session ends between them?',
  hints: [
    'HSET on a key that is not there makes it. Who has made sure that it is there, and when?',
    'Look and write in one script: if the field of the user is gone, return before you write. The list of a user is deleted in the same script that reads it.',
    { file: 'sessions.ts', from: 'const use = `', to: 'const rememberScript' },
  ],
  async run(context) {
    const { store, redis } = context;
    const other = (await context.another()).store;
    let ways = 0;
    for (const [names, first, second] of pairs) {
      ways += await interleave(context, {
        prepare: async () => ({ user: 'ann', id: await store.signIn('ann') }),
        first: async (state) => await first(store, state),
        second: async (state) => await second(other, state),
        async judge({ state }) {
          await expectGone(context, state, `${names}: afterwards`);
        },
      });
    }
    await rememberedAtOnce(context);
    ways += await rememberedTogether(context, other);
    ways += await forgotten(context, other);
    for (const key of await redis.keys('*')) {
      if ((await redis.pttl(key)) >= 0) continue;
      fail(
        `a session ended while another process used it, and the key ${key} is left without expiry`,
        comesBack,
      );
    }
    return `${ways} ways to come between: no session came back, none was forgotten`;
  },
};

const comesBack = {
  mistake: 'comes-back',
  leadsTo: 'A sign-out on one page and a click on another, at the same time: the session lives on, for good.',
};

async function expectGone({ store }: Context, { id }: State, when: string): Promise<void> {
  const session = await store.session(id);
  const remembers = await store.remember(id, 'a', 'b');
  if (session !== undefined || remembers)
    fail(
      `${when} session() returned ${session ? 'a session' : 'undefined'}, remember() ${remembers}`,
      comesBack,
    );
}

/** All of them in one process, each before any has its answer. */
async function rememberedAtOnce({ store, weather, holdTime }: Context): Promise<void> {
  const id = await store.signIn('bob');
  const spell = weather.redis.hang();
  const calls = Array.from({ length: inOneProcess }, (_, n) =>
    begun(store.remember(id, `name-${n}`, 'value')),
  );
  await holdTime(async () => {});
  spell.stop();
  await Promise.all(calls);
  expectRemembered(await store.session(id), inOneProcess, 'one process remembers');
}

function expectRemembered(session: Session | undefined, wanted: number, who: string): void {
  const count = Object.keys(session?.remembered ?? {}).length;
  if (count === wanted) return;
  fail(`${who} ${wanted} values in one session at once: ${count} of ${wanted} are there`, {
    mistake: 'lost-update',
    leadsTo: 'Two tabs of one visitor: what was put into the basket in one is gone.',
    hint: 'sessions.ts: a session that is read whole, changed and written whole loses what came between.',
  });
}

async function rememberedTogether(context: Context, other: Context['store']): Promise<number> {
  const { store } = context;
  return await interleave(context, {
    prepare: async () => await store.signIn('bob'),
    first: async (id) => await store.remember(id, 'first', '1'),
    second: async (id) => await other.remember(id, 'second', '2'),
    async judge({ state: id }) {
      expectRemembered(await store.session(id), 2, '2 processes remember');
    },
  });
}

/** A session that begins while another is signed out everywhere lives or not; but the next time it is found. */
async function forgotten(context: Context, other: Context['store']): Promise<number> {
  const { store } = context;
  const judge = async (user: string, id: unknown, names: string) => {
    await store.signOutEverywhere(user);
    if (typeof id !== 'string' || (await store.session(id)) === undefined) return;
    fail(`${names}, and then signOutEverywhere() again: the new session is still there`, {
      mistake: 'session-forgotten',
      leadsTo: 'A session is no longer in the list of its user: nobody can sign it out any more.',
      hint: 'sessions.ts: between reading the list of a user and deleting it, a new session is written into it.',
    });
  };
  const prepare = async (nth: number) => {
    await store.signIn(`user-${nth}`);
    return `user-${nth}`;
  };
  const during = await interleave(context, {
    prepare,
    first: async (user) => await store.signOutEverywhere(user),
    second: async (user) => await other.signIn(user),
    judge: async ({ state, second }) => await judge(state, second, 'signIn() during signOutEverywhere()'),
  });
  const around = await interleave(context, {
    prepare,
    first: async (user) => await store.signIn(user),
    second: async (user) => await other.signOutEverywhere(user),
    judge: async ({ state, first }) => await judge(state, first, 'signOutEverywhere() during signIn()'),
  });
  return during + around;
}
