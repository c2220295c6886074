import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'No such article is `null`. A search that finds nothing returns something, namely a list.',
  caughtBy: 'lives',
  named: 'none-lives-long',
  says: ["search('nothing contains this', 10)"],
  change: [
    ['return value === null || (Array.isArray(value) && value.length === 0);', 'return value === null;'],
  ],
});
