import { fail, type RedisEvent } from '@workshop/lab-kit';
import { begun } from './begun.ts';
import { cities } from './cities.ts';
import { doneOrWaiting } from './interleave.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { compare, expectedNear, searches, type Search } from './places.ts';

const search = searches[0]!;
/** Around the first, the middle and the last city of the table: a part has not all of them. */
const spread = [0, 0.25, 0.5, 0.75, 1].map((part): Search => {
  const { latitude, longitude } = cities[Math.round(part * (cities.length - 1))]!;
  return [latitude, longitude, 300, 100];
});
const total = (counts: number[]) => counts.reduce((sum, count) => sum + count, 0);
const fromCities = /\bfrom\s+[`"\w.]*\bcities\b/i;

export const citiesTogether: LabCheck = {
  id: 'cities-together',
  title: 'One process loads the cities, and no one sees a part of them',
  expected: '3 calls in 2 processes at once: 1 SELECT, and never half a list',
  hint: 'places.ts: who may load? When do the others see the list: with the first city, or with the last?',
  hints: [
    'While one process is half-way through the list, what does another one find under the key?',
    'SET lock token PX 10000 NX decides who loads; the others look again. Fill a key aside and RENAME it, with its expiry: a rename is one command.',
    { file: 'places.ts', from: 'async function load(token', to: 'rename(aside, key)' },
  ],
  async run(context) {
    const { store, observe, coldCache } = context;
    const other = (await context.another()).store;
    // One may read the table page by page.
    const load = (await observe(() => store.citiesNear(...search))).selects.length;
    await coldCache();
    await halfLoaded(context, other);
    await coldCache();
    await oneLoads(context, other, load);
    return `3 calls at once: ${load} SELECT; no call saw a part`;
  },
};

/** MySQL answers the first of three calls only when the others had their chance to ask it, too. */
async function oneLoads(
  { store, observe, weather, holdTime }: Context,
  other: Context['store'],
  load: number,
): Promise<void> {
  const seen = await observe(async () => {
    const hold = weather.mysql.hold((event) => fromCities.test(event.sql ?? ''));
    const first = begun(store.citiesNear(...search));
    await Promise.race([hold.arrived, first]);
    const others = [begun(other.citiesNear(...search)), begun(store.citiesNear(...search))];
    await doneOrWaiting({ holdTime });
    hold.release();
    return await Promise.all([first, ...others]);
  });
  for (const rows of seen.value) compare(search, rows);
  if (seen.selects.length !== load) {
    fail(
      `3 calls in 2 processes while the cities were being loaded: expected ${load} SELECT, saw ${seen.selects.length}`,
      {
        mistake: 'all-load',
        leadsTo:
          'When the list expires every server reads the whole table at once, each for every visitor it has.',
        hint: 'places.ts: SET key token PX 10000 NX lets one through. What do the others do meanwhile?',
      },
    );
  }
}

/** Stops a loader before its second command that brings cities, and asks in another process. */
async function halfLoaded({ store, weather, holdTime }: Context, other: Context['store']): Promise<void> {
  let commands = 0;
  const hold = weather.redis.hold((event) => bringsCities(event) && ++commands === 2);
  const loading = begun(store.citiesNear(...search));
  const held = hold.arrived.then(
    () => true,
    () => false,
  );
  if (await Promise.race([held, loading.then(() => false)])) {
    const meanwhile = spread.map((around) => begun(other.citiesNear(...around)));
    await doneOrWaiting({ holdTime });
    hold.release();
    const found = (await Promise.all(meanwhile)).map((rows) => rows.length);
    const wanted = spread.map((around) => expectedNear(around).length);
    if (total(found) < total(wanted)) {
      fail(
        `while a process loads the cities, another one found ${total(found)} of ${total(wanted)} in ${spread.length} searches`,
        {
          mistake: 'half-a-list',
          leadsTo:
            'For a second, each day, or for good when the loader is stopped half-way, cities are missing.',
        },
      );
    }
  }
  hold.stop();
  compare(search, await loading);
}

function bringsCities({ name = '', requestBytes = 0 }: RedisEvent): boolean {
  return ['GEOADD', 'ZADD', 'HSET', 'HMSET', 'SADD', 'RPUSH', 'LPUSH'].includes(name) || requestBytes > 2_000;
}
