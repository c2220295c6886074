import type { CheckContext } from '@workshop/lab-kit';

/** MySQL refuses every statement, as it does when it is overloaded, until the spell is stopped. */
export function refuseQueries(weather: CheckContext['weather']): { stop(): void } {
  return weather.mysql.fail((event) => event.kind !== 'connect' && Boolean(event.sql), {
    code: 1205,
    sqlState: 'HY000',
    message: 'Lock wait timeout exceeded; try restarting transaction',
  });
}

/** What it means when a call answers all the same. */
export const errorSwallowed = {
  mistake: 'error-swallowed',
  leadsTo: 'The page says "nothing found" while the database is down, and nobody is told.',
};
