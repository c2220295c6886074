import type { CityRow } from '@workshop/dataset';
import { citiesTable } from '@workshop/dataset';
import type { Connection } from 'mysql2/promise';

const spread = 1_960;
const syllables = ['San', 'ta', 'Ba', 'lo', 'Vi', 'mar', 'Do', 'ren', 'Ku', 'li', 'Or', 'ba'];

/** Places with something to get wrong: both sides of the date line, far north, two of one name. */
const chosen: [name: string, country: string, latitude: number, longitude: number][] = [
  ['Suva', 'FJ', -18.14161, 178.44149],
  ['Labasa', 'FJ', -16.43313, 179.36451],
  ['Apia', 'WS', -13.83333, -171.76666],
  ["Nuku'alofa", 'TO', -21.13938, -175.2018],
  ['Mata-Utu', 'WF', -13.28163, -176.17453],
  ['Funafuti', 'TV', -8.52425, 179.19417],
  ['Anadyr', 'RU', 64.73424, 177.5103],
  ['Provideniya', 'RU', 64.38306, -173.30028],
  ['Nome', 'US', 64.50111, -165.40639],
  ['Longyearbyen', 'SJ', 78.22334, 15.64689],
  ['Barentsburg', 'SJ', 78.06506, 14.23335],
  ['Hammerfest', 'NO', 70.66336, 23.68209],
  ['Santa Clara', 'US', 37.35411, -121.95524],
  ['Santa Clara', 'US', 37.13309, -113.65413],
  ['Santa Clara', 'CU', 22.40694, -79.96472],
  ['San José', 'CR', 9.93333, -84.08333],
  ['San José', 'US', 37.33939, -121.89496],
  ['San José', 'PH', 12.35275, 121.06761],
];

/** Some 2,000 of them, the same in each run: enough that a list can be seen half loaded. */
export const cities: readonly CityRow[] = [...makeCities()];

function* makeCities(): Generator<CityRow> {
  let id = 1;
  for (const [name, country, latitude, longitude] of chosen) {
    yield { id: id++, name, country, adminCode: '', latitude, longitude, population: 10_000 };
  }
  for (; id <= spread + chosen.length; id++) {
    // The golden angle scatters them evenly, with no two at one place. Names come again.
    const latitude = round(-60 + 130 * ((id * 0.618_033_988_75) % 1));
    const longitude = round(-180 + 360 * ((id * 0.754_877_666_25) % 1));
    const name = [id % 12, (id * 7) % 11, (id * 5) % 3].map((n) => syllables[n]).join('');
    yield { id, name, country: 'ZZ', adminCode: '', latitude, longitude, population: 1_000 + id };
  }
}

function round(degrees: number): number {
  return Math.round(degrees * 100_000) / 100_000;
}

export async function fillCities(mysql: Connection): Promise<void> {
  const { columns } = citiesTable;
  await mysql.query(`INSERT INTO cities (${columns.join(', ')}) VALUES ?`, [
    cities.map((city) => columns.map((column) => city[column])),
  ]);
}

/** The radius that Redis reckons with. */
const earthKm = 6_372.797_560_856;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** The haversine formula. */
export function distanceKm(
  latitude: number,
  longitude: number,
  city: Pick<CityRow, 'latitude' | 'longitude'>,
): number {
  const north = Math.sin(radians(city.latitude - latitude) / 2);
  const east = Math.sin(radians(city.longitude - longitude) / 2);
  const across = Math.cos(radians(latitude)) * Math.cos(radians(city.latitude));
  return 2 * earthKm * Math.asin(Math.sqrt(north * north + across * east * east));
}
