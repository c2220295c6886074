import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The first twenty rows hold the first five.',
  caughtBy: 'from-memory',
  named: 'wrong-answer',
  says: ["search('delta', 5)"],
  change: [
    ['near.get(current)', "near.get(current.replace(/:\\d+:/, ':'))"],
    ['near.set(current, ', "near.set(current.replace(/:\\d+:/, ':'), "],
  ],
});
