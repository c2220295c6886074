import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'One tag for everything is simple and can miss nothing.',
  caughtBy: 'rest-stays',
  named: 'everything-invalidated',
  says: ['byId(8) sent 1 SELECT, expected 0'],
  change: [
    [
      'export const articleTag = (id: number): string => `article:${id}`;',
      'export const articleTag = (_id: number): string => listsTag;',
    ],
  ],
});
