import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A load goes out of the Map when its answer is there.',
  caughtBy: 'hung-queries',
  named: 'gives-up-for-good',
  says: ['still fails'],
  change: [
    [
      'work().finally(() => this.#underWay.delete(name));',
      `work().then((value) => {
      this.#underWay.delete(name);
      return value;
    });`,
    ],
  ],
});
