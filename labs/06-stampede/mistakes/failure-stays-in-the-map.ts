import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The promise goes out of the Map when it resolves.',
  caughtBy: 'failing-load',
  named: 'failure-kept',
  says: ['still fails'],
  change: [
    [
      'const flight = work().finally(() => this.#underWay.delete(name));',
      `const flight = work().then((value) => {
      this.#underWay.delete(name);
      return value;
    });`,
    ],
  ],
});
