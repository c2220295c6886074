import { CallFailed, CallHung, fail, orFailure, type CheckContext } from '@workshop/lab-kit';
import { count } from '../describe.ts';

/**
 * `close()`, and then the process must end by itself.
 * @param state " while Redis hangs": in what weather, for a message
 */
export async function closes(
  { store, finish, connections }: Pick<CheckContext, 'store' | 'finish' | 'connections'>,
  state = '',
): Promise<string> {
  const neverClosed = {
    mistake: 'never-closed',
    leadsTo: 'Every deployment waits for a time-out, and the engines keep connections nobody uses.',
  };
  const left = () => {
    const { mysql, redis } = connections();
    return `${count(mysql, 'connection')} to MySQL and ${redis} to Redis`;
  };
  const closed = await orFailure(store.close()).catch((error: unknown) => {
    if (!(error instanceof CallHung) || error.blocked) throw error;
    return fail(`close()${state} did not return within 5 s, with ${left()}`, neverClosed);
  });
  if (closed instanceof CallFailed) fail(`close()${state} failed: ${closed.remote.message}`, neverClosed);
  if (!(await finish()))
    fail(`5 s after close()${state} the process still runs, with ${left()}`, neverClosed);
  return '0 connections, and the process ended';
}
