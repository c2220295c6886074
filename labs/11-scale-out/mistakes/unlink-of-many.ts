import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'UNLINK takes as many keys as there are.',
  caughtBy: 'writes',
  named: 'crossslot',
  says: ['CROSSSLOT', 'UNLINK'],
  change: [
    [
      'await Promise.all(keys.map(async (key) => await this.#payOne(key)));',
      `const due = keys.filter((key) => this.#owed.has(key));
    if (due.length > 0) await this.#remove(due as unknown as string);
    for (const key of due) this.#owed.delete(key);`,
    ],
  ],
});
