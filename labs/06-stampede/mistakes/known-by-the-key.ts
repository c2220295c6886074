import { mistake } from '../../mistake.ts';

export default mistake({
  story: `A load under way is known by its key; the generation is Redis's business.`,
  caughtBy: 'after-write',
  named: 'joins-an-old-load',
  says: ['was under way during'],
  change: [
    [
      'return await flights.share(current, async () => await loadOnce(current, form, query));',
      'return await flights.share(key, async () => await loadOnce(current, form, query));',
    ],
  ],
});
