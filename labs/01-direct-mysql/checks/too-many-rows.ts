import { fail } from '@workshop/lab-kit';
import { count } from '../../describe.ts';

/** The application threw away what MySQL had read, sorted and sent. */
export function tooManyRows(call: string, brought: number, returned: number): never {
  return fail(`${call} brought ${count(brought, 'row')} over the network and returned ${returned}`, {
    mistake: 'work-in-the-app',
    leadsTo:
      'With 200,000 rows that is half a gigabyte read, sent and decoded for each visitor, to show 5 rows.',
  });
}
