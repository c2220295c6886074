import type { StackResourceSummary } from '@aws-sdk/client-cloudformation';
import type { Aws } from './aws/aws.ts';

export interface AlarmState {
  readonly name: string;
  readonly description: string;
  readonly state: string;
}

/** CloudWatch takes so many names at a time. */
const PAGE = 100;

/** The states of a stack's alarms. */
export async function alarmStates(
  aws: Aws,
  resources: readonly StackResourceSummary[],
): Promise<readonly AlarmState[]> {
  const names = resources.flatMap(({ ResourceType, PhysicalResourceId: id }) =>
    ResourceType === 'AWS::CloudWatch::Alarm' && id !== undefined ? [id] : [],
  );
  const states: AlarmState[] = [];
  for (let at = 0; at < names.length; at += PAGE) {
    const { MetricAlarms = [] } = await aws.ask(
      'cloudWatch',
      { action: 'cloudwatch:DescribeAlarms', purpose: "read the alarms' states" },
      ({ sdk, client }) =>
        client.send(
          new sdk.DescribeAlarmsCommand({ AlarmNames: names.slice(at, at + PAGE), MaxRecords: PAGE }),
        ),
    );
    for (const { AlarmName: name = '', AlarmDescription: description = '', StateValue } of MetricAlarms) {
      states.push({ name, description, state: StateValue ?? 'INSUFFICIENT_DATA' });
    }
  }
  return states;
}
