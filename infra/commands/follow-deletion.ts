import type { StackEvent } from '@aws-sdk/client-cloudformation';
import { orThrottled, type Aws } from './aws/aws.ts';
import { deleteStack, findStack, stackEvents } from './aws/stacks.ts';
import type { Io } from './io.ts';
import { duration, kindOf, wrap } from './words.ts';

const POLL_MS = 5_000;
/** How often it is said what is waited for, when nothing else is to be told. */
const QUIET_MS = 60_000;

const SAID: Readonly<Record<string, string>> = {
  DELETE_COMPLETE: 'deleted',
  DELETE_SKIPPED: 'kept   ',
  DELETE_FAILED: 'FAILED ',
};

/** Something in the stack, and what last happened to it. */
interface Part {
  readonly what: string;
  readonly status: string;
  readonly reason: string;
}

/**
 * Deletes a stack and tells each thing that goes, until none is left or CloudFormation gives up. A deletion that is under way already is followed.
 * @returns what could not be deleted, as lines for a reader; none when the stack is gone
 */
export async function deleteAndFollow(
  aws: Aws,
  stack: { readonly id: string; readonly name: string },
  io: Io,
): Promise<readonly string[]> {
  const told = new Set((await stackEvents(aws, stack.id)).map(({ EventId }) => EventId));
  await deleteStack(aws, stack.name);
  const parts = new Map<string, Part>();
  const startedAt = io.now().getTime();
  let saidAt = startedAt;
  for (;;) {
    const seen = await orThrottled(lookAgain(aws, stack.id));
    const news = (seen?.events ?? []).filter(({ EventId }) => !told.has(EventId));
    for (const event of news.toReversed()) {
      told.add(event.EventId);
      const line = isOfStack(event, stack.id) ? undefined : tell(event, parts);
      if (line === undefined) continue;
      io.say(line);
      saidAt = io.now().getTime();
    }
    if (seen?.isGone) return [];
    const failure = news.find(
      (event) => isOfStack(event, stack.id) && event.ResourceStatus === 'DELETE_FAILED',
    );
    if (failure !== undefined) {
      const failed = [...parts.values()].filter((part) => part.status === 'DELETE_FAILED');
      return failed.length > 0
        ? failed.map(({ what, reason }) => `${what}: ${reason}`)
        : [failure.ResourceStatusReason ?? 'CloudFormation gave no reason'];
    }
    const now = io.now().getTime();
    if (now - saidAt >= QUIET_MS) {
      io.say(wrap(`still deleting after ${duration(now - startedAt)}: ${waitingFor(parts)}`, '  '));
      saidAt = now;
    }
    await io.pause(POLL_MS);
  }
}

async function lookAgain(aws: Aws, stackId: string) {
  const stack = await findStack(aws, stackId);
  const events = await stackEvents(aws, stackId);
  return { isGone: stack === undefined || stack.StackStatus === 'DELETE_COMPLETE', events };
}

/** Whether an event is about the whole stack. */
function isOfStack({ PhysicalResourceId: id }: StackEvent, stackId: string): boolean {
  return id === stackId;
}

/** Notes an event. @returns the line for it, where it is worth one */
function tell(event: StackEvent, parts: Map<string, Part>): string | undefined {
  const { LogicalResourceId: id = '', ResourceType = '', ResourceStatus: status = '' } = event;
  const what = `${id} (${kindOf(ResourceType)})`;
  parts.set(id, { what, status, reason: event.ResourceStatusReason ?? 'no reason given' });
  const said = SAID[status];
  if (said === undefined) return undefined;
  const reason =
    status === 'DELETE_FAILED' ? `\n${wrap(event.ResourceStatusReason ?? '', '           ')}` : '';
  return `  ${said}  ${what}${reason}`;
}

function waitingFor(parts: ReadonlyMap<string, Part>): string {
  const busy = [...parts.values()].filter(({ status }) => status === 'DELETE_IN_PROGRESS');
  return busy.map(({ what }) => what).join(', ') || 'nothing in particular';
}
