import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The type of `changes` says which columns there are.',
  caughtBy: 'columns',
  named: 'columns-from-outside',
  says: ['changed'],
  change: [
    [
      'const changed = revisable.filter((column) => changes[column] !== undefined);',
      'const changed = Object.keys(changes) as (keyof Revision)[];',
    ],
  ],
});
