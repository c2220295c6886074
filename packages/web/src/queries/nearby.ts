import { defineQuery } from './query.ts';

/** Venice, in the lagoon beside the delta of the Po. */
const VENICE = { lat: 45.43, lon: 12.33 };

/**
 * The places around a point. `ST_Distance_Sphere` takes longitude before latitude, in MySQL and in MariaDB, as long as the points
 * have no SRID.
 */
export const nearby = defineQuery({
  name: 'nearby',
  title: 'Cities near a point',
  tables: ['cities'],
  fields: {
    lat: { type: 'decimal', label: 'Latitude', unit: '°', least: -90, most: 90, default: VENICE.lat },
    lon: { type: 'decimal', label: 'Longitude', unit: '°', least: -180, most: 180, default: VENICE.lon },
    radius_km: { type: 'decimal', label: 'Within', unit: 'km', least: 0.1, most: 500, default: 50 },
    limit: { type: 'whole', label: 'At most', unit: 'rows', least: 1, most: 500, default: 100 },
  },
  statement: ({ lat, lon, radius_km, limit }) => ({
    sql: 'SELECT id, name, country, population, ROUND(ST_Distance_Sphere(POINT(longitude, latitude), POINT(?, ?)) / 1000, 2) AS km FROM cities HAVING km <= ? ORDER BY km, id LIMIT ?',
    params: [lon, lat, radius_km, limit],
  }),
  columns: [
    { title: 'City', cell: (row) => [{ text: String(row['name']) }] },
    { title: 'Country', cell: (row) => [{ text: String(row['country']) }] },
    {
      title: 'People',
      isNumber: true,
      // 0 is what GeoNames says where it does not know.
      cell: (row) => [
        { text: row['population'] === 0 ? '' : Number(row['population']).toLocaleString('en-US') },
      ],
    },
    { title: 'Distance', isNumber: true, cell: (row) => [{ text: `${Number(row['km']).toFixed(1)} km` }] },
  ],
  work: () => ({
    headline: 'MySQL worked out the distance to every city.',
    step: 'worked out the distance to every city and sorted what is near enough',
  }),
  nothing: 'There is no city that near.',
});
