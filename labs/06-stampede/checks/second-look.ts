import { CallFailed, fail } from '@workshop/lab-kit';
import { unlike } from '../../describe.ts';
import { byId } from '../../shared/hot-reads.ts';
import { isSelect, start } from '../../shared/held.ts';
import type { Context, LabCheck } from './lab-check.ts';

/** Among the last commands before the query is the one that asks for the lock. */
const lastCommands = 5;

const read = byId(7);

export const secondLook: LabCheck = {
  id: 'second-look',
  title: 'Who gets the lock just after another had it does not load again',
  expected: `a process stopped before each of its last ${lastCommands} commands, while another loads: 1 SELECT in all`,
  hint: 'You found nothing, and then you got the lock. What may have happened between the two?',
  hints: [
    'You look: nothing. Another process loads, stores and lets go of the lock. You ask for the lock, and get it. Where is the entry?',
    'With the lock in hand look for the entry once more, and load only if it is still not there.',
    { file: 'cache.ts', from: '// With the lock too', to: 'if (found) return found' },
  ],
  async run(context) {
    const { store, another, coldCache, observe } = context;
    const { store: other } = await another();
    for (const each of [store, other]) await observe(async () => await read.of(each));
    await coldCache();
    const calm = await observe(async () => await read.of(store));
    const query = calm.events.findIndex((event) => event.store === 'mysql' && isSelect(event));
    const commands = calm.events.slice(0, query).filter((event) => event.kind === 'command').length;
    const first = Math.max(1, commands - lastCommands + 1);
    for (let nth = first; nth <= commands; nth++) await stoppedBefore(context, nth, other);
    return `stopped before ${commands - first + 1} commands: 1 SELECT each time`;
  },
};

/** The process is stopped before its `nth` command, and the other one does what it can meanwhile. */
async function stoppedBefore(context: Context, nth: number, other: Context['store']): Promise<void> {
  const { store, weather, mysql, coldCache, observe, holdTime } = context;
  await coldCache();
  let name: string | undefined;
  const seen = await observe(async () => {
    let count = 0;
    const hold = weather.redis.hold(({ kind }) => kind === 'command' && ++count === nth);
    const late = start(read.of(store));
    const held = await Promise.race([hold.arrived, late.outcome.then(() => undefined)]);
    name = held?.name;
    // However long this takes: a command that was given up would be a reason to load by itself.
    const meanwhile = await holdTime(async () => {
      const reading = start(read.of(other));
      // By now it has loaded and stored, or waits for the one that is held.
      await observe(async () => {});
      hold.release();
      return reading;
    });
    return await Promise.all([late.outcome, meanwhile.outcome]);
  });
  for (const value of seen.value) {
    if (value instanceof CallFailed) fail(`${read.call} failed: ${value.remote.message}`);
    const wrong = unlike(value, await read.wanted(mysql));
    if (wrong) fail(`${read.call} ${wrong}`);
  }
  if (seen.selects.length <= 1) return;
  fail(
    `${read.call} was stopped before its ${name ?? 'command'}; meanwhile another process loaded it: expected 1 SELECT, saw ${seen.selects.length}`,
    {
      mistake: 'loads-what-is-there',
      leadsTo:
        'When a hot entry expires, each process that comes a moment too late for the first load makes one more, one after the other.',
    },
  );
}
