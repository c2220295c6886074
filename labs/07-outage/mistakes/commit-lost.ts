import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A write that was given up has changed nothing, so nothing has to be invalidated.',
  caughtBy: 'writes',
  named: 'invalidation-lost',
  says: ['carried out COMMIT'],
  change: [
    [
      `          isCommitting = true;
          await connection.commit();`,
      `          await connection.commit();
          isCommitting = true;`,
    ],
  ],
});
