import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A city is known by its name.',
  caughtBy: 'cities',
  named: 'names-collide',
  says: ['is missing'],
  change: [
    ['const [rows] = await pool.query', 'const [all] = await pool.query'],
    [
      '    const aside =',
      `    const rows = [...new Map(all.map((row) => [row['name'], row])).values()];
    const aside =`,
    ],
  ],
});
