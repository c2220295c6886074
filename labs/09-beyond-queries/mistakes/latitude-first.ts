import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Latitude, longitude: as everybody says it.',
  caughtBy: 'cities',
  named: 'swapped',
  says: ['rejected: ERR invalid longitude,latitude pair'],
  change: [
    [
      `          longitude as number,
          latitude as number,
`,
      `          latitude as number,
          longitude as number,
`,
    ],
  ],
});
