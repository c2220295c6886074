import { CallFailed, fail } from '@workshop/lab-kit';

/** Nothing is in Redis, and MySQL can't be asked: then the caller is told. */
export function allRefused(outcomes: readonly unknown[], state: string): void {
  const answered = outcomes.filter((outcome) => !(outcome instanceof CallFailed)).length;
  if (answered === 0) return;
  fail(
    `${state} and nothing was in Redis, and yet ${answered} of ${outcomes.length} reads returned something`,
    {
      mistake: 'error-swallowed',
      leadsTo: 'The page says "nothing found" while the database is down, and nobody is told.',
    },
  );
}
