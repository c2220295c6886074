import { CallFailed, fail, orFailure } from '@workshop/lab-kit';
import type { NearCity } from '../../contract-site.ts';
import { describe } from '../../describe.ts';
import { cities, distanceKm } from './cities.ts';
import type { LabCheck } from './lab-check.ts';

export type Search = readonly [latitude: number, longitude: number, km: number, limit: number];

/** No city is within 1 % of the edge of any: it is in or out, whatever earth one reckons with. */
export const searches: readonly Search[] = [
  [-16, 179.9, 680, 100],
  [37.4, -121.9, 390, 100],
  [-17.5, -179.5, 950, 4],
  [65, -178, 650, 100],
  [78.5, 16, 300, 100],
  [84, 40, 1_000, 100],
  [48.2, 16.4, 900, 3],
  [12, 121, 500, 100],
  [-70, 0, 200, 10],
];

/** How far a distance may be off: the earth is no sphere. */
const tolerance = 0.005;

export const placesCheck: LabCheck = {
  id: 'cities',
  title: 'The cities near a place, nearest first',
  expected: `${searches.length} searches, as reckoned from all ${cities.length} cities, also across the date line`,
  hint: 'places.ts: in which order does GEOADD take longitude and latitude? Which cities share a name? And where there are none, what does your code take [] for?',
  hints: [
    'What happens to a city when another one is added under the same member?',
    'GEOADD key longitude latitude member: the longitude first, and a member that no other city has. GEOSEARCH ... BYRADIUS ... ASC COUNT n WITHDIST returns the n nearest and how far they are.',
    { file: 'places.ts', from: 'const members = rows', to: 'JSON.stringify([id, name, country])' },
  ],
  async run({ store }) {
    for (const search of searches) {
      const rows = await orFailure(store.citiesNear(...search));
      if (rows instanceof CallFailed) {
        const isPair = rows.remote.message.includes('longitude,latitude');
        fail(`${callOf(search)} rejected: ${rows.remote.message}`, isPair ? { mistake: 'swapped' } : {});
      }
      compare(search, rows);
    }
    for (const search of [
      [0, 0, 0, 10],
      [0, 0, 1_001, 10],
      [0, 0, 100, 0],
      [0, 0, 100, 101],
      [0, 0, 100, 1.5],
    ] satisfies Search[]) {
      const answer = await orFailure(store.citiesNear(...search));
      if (answer instanceof CallFailed && answer.remote.name === 'RangeError') continue;
      const did =
        answer instanceof CallFailed
          ? `rejected with ${answer.remote.message}`
          : `returned ${answer.length} rows`;
      fail(`${callOf(search)} ${did}, expected a RangeError`, {
        leadsTo: 'COUNT 0, or a radius of the whole earth, sends every city there is.',
      });
    }
    return `${searches.length} searches, each as reckoned`;
  },
};

export function expectedNear([latitude, longitude, km, limit]: Search): NearCity[] {
  return cities
    .map(({ id, name, country, ...place }) => ({
      id,
      name,
      country,
      km: distanceKm(latitude, longitude, place),
    }))
    .filter((city) => city.km <= km)
    .toSorted((a, b) => a.km - b.km)
    .slice(0, limit);
}

/** @throws {CheckFailed} */
export function compare(search: Search, rows: readonly NearCity[]): void {
  const wanted = expectedNear(search);
  const call = callOf(search);
  const missing = wanted.filter(({ id }) => !rows.some((row) => row.id === id));
  if (rows.length !== wanted.length || missing.length > 0) {
    const twins = missing.every(({ id, name }) =>
      cities.some((city) => city.name === name && city.id !== id),
    );
    const lost = missing[0];
    const { 0: latitude, 1: longitude } = search;
    const swapped = rows.some(({ id, km }) => {
      const city = cities.find((other) => other.id === id);
      return city && Math.abs(distanceKm(longitude, latitude, city) - km) < 1;
    });
    fail(
      `${call} returned ${rows.length} cities, expected ${wanted.length}${lost ? `; ${lost.name} (id ${lost.id}, ${lost.country}) is missing` : ''}`,
      {
        ...(swapped
          ? { mistake: 'swapped' }
          : missing.length > 0 && twins
            ? { mistake: 'names-collide' }
            : { mistake: 'wrong-cities' }),
        leadsTo: 'People are sent to the wrong town, or told that there is nothing near them.',
      },
    );
  }
  for (const [at, city] of wanted.entries()) {
    const row = rows[at];
    const place = cities.find(({ id }) => id === row?.id);
    const isAway = place ? distanceKm(search[0], search[1], place) : Infinity;
    if (!row || Math.abs(isAway - city.km) > city.km * tolerance) {
      fail(`${call}: row ${at + 1} is ${row?.name}, expected ${city.name}, ${city.km.toFixed(1)} km away`, {
        mistake: 'not-nearest-first',
        leadsTo: 'The first page of the list holds whatever Redis met first.',
      });
    }
    if (row.name !== place?.name || row.country !== place.country || typeof row.km !== 'number')
      fail(`${call}: row ${at + 1} is ${describe(row)}, expected ${describe(city)}`);
    if (Math.abs(row.km - city.km) > Math.max(city.km * tolerance, 0.01)) {
      fail(`${call}: ${row.name} is ${row.km.toFixed(1)} km away, expected ${city.km.toFixed(1)}`, {
        mistake: 'wrong-distance',
        leadsTo: 'Somebody sets out on foot for what is 40 km away.',
      });
    }
  }
}

export function callOf(search: Search): string {
  return `citiesNear(${search.join(', ')})`;
}
