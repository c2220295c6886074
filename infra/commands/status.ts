import { billOf } from '../prices/bill.ts';
import { US_EAST_1 } from '../prices/us-east-1.ts';
import { alarmStates, type AlarmState } from './alarms.ts';
import { withAws } from './aws/aws.ts';
import { serversOnline } from './aws/servers.ts';
import { deployedTemplate, needStack, outputsOf, stackResources } from './aws/stacks.ts';
import { billLine } from './bill-table.ts';
import { flag } from './deploy.ts';
import type { Io } from './io.ts';
import { bold, count, duration, table, wrap } from './words.ts';

/** The parameter of lib/self-destruct.ts, which would load all of CDK. A test holds the two together. */
export const DESTROY_AT = 'DestroyAt';

/** `pnpm infra:status`: how the stack is, what it has cost, and what is wrong with it. Exit code 0 if it stands and no alarm is on. */
export async function status(stackName: string, io: Pick<Io, 'say' | 'now'>): Promise<number> {
  return await withAws(async (aws) => {
    const stack = await needStack(aws, stackName);
    const { StackStatus = 'unknown', StackStatusReason, CreationTime } = stack;
    const [template, resources, servers] = await Promise.all([
      deployedTemplate(aws, stackName),
      stackResources(aws, stackName),
      serversOnline(aws, stackName),
    ]);
    const alarms = await alarmStates(aws, resources);
    const bill = billOf(template, US_EAST_1);
    const age = CreationTime === undefined ? 0 : io.now().getTime() - CreationTime.getTime();
    const soFar = (bill.usdPerHour * age) / 3_600_000;
    const outputs = outputsOf(stack);
    const end = stack.Parameters?.find(({ ParameterKey }) => ParameterKey === DESTROY_AT)?.ParameterValue;

    io.say(`${bold(stackName)} in ${aws.region}: ${StackStatus}, made ${duration(age)} ago`);
    if (StackStatusReason) io.say(wrap(StackStatusReason, '  '));
    io.say('');
    io.say(
      table([
        ['price', `${billLine(bill)}; ${soFar.toFixed(2)} so far`],
        ['servers', servers.length === 0 ? 'none that Session Manager reaches' : servers.join(', ')],
        ['page', await pageLine(outputs['webserverurl'], stackName)],
        ['alarms', alarmLine(alarms)],
        ...(end === undefined ? [] : [['ends', `by itself, at ${end.replace('T', ' ')} UTC`]]),
      ]),
    );
    const ringing = alarms.filter(({ state }) => state === 'ALARM');
    for (const { name, description } of ringing) io.say(wrap(`ALARM ${name}: ${description}`, '    '));
    if (Object.keys(outputs).length > 0) {
      io.say('\nOutputs');
      io.say(table(Object.entries(outputs).toSorted(([a], [b]) => (a < b ? -1 : 1))));
    }
    return /^(CREATE|UPDATE)_COMPLETE$/.test(StackStatus) && ringing.length === 0 ? 0 : 1;
  });
}

function alarmLine(alarms: readonly AlarmState[]): string {
  const inState = (wanted: string) => alarms.filter(({ state }) => state === wanted).length;
  return `${count(alarms.length, 'alarm')}: ${inState('ALARM')} in ALARM, ${inState('OK')} OK, ${inState('INSUFFICIENT_DATA')} without data`;
}

/** Whether the page is ready, where it can be reached from here. */
async function pageLine(url: string | undefined, stackName: string): Promise<string> {
  const way = `pnpm infra:open${flag(stackName)}`;
  if (url === undefined) return way;
  const answer = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(3_000) }).catch(
    () => undefined,
  );
  if (answer === undefined) return `${url} does not answer here; ${way}`;
  return answer.ok ? `${url} is ready` : `${url} is not ready (${answer.status})`;
}
