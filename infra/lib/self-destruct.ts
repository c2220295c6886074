import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Aws, CfnParameter, DefaultStackSynthesizer, Fn, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** The stack's parameter that says when it is deleted. */
export const DESTROY_AT = 'DestroyAt';

const hourMs = 3_600_000;

/**
 * What to give for `DESTROY_AT`: a time in UTC, to the second, as EventBridge Scheduler writes it (`2026-05-04T18:00:00`).
 * @param now when the stack is deployed. @default the time
 */
export function destroyAt(afterHours: number, now: Date = new Date()): string {
  return new Date(now.getTime() + afterHours * hourMs).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
}

export interface SelfDestructProps {
  /** After how many hours the stack is deleted; whoever deploys it makes a time of it with `destroyAt`. */
  readonly afterHours: number;
}

/**
 * Deletes the stack once its time has come: EventBridge Scheduler calls CloudFormation's DeleteStack.
 *
 * The time is a parameter of the stack, so the template has no clock in it, and each deployment can move it. A schedule of the form `rate(8 hours)`
 * would need no time, but fires the first time at once, unless it is given the time to start at:
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based
 *
 * CloudFormation deletes as the role that CDK's bootstrapping made and that the stack was deployed with. It stands outside
 * the stack, so it is there to the end; the role in here only begins the deletion, and goes with the rest.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
 *
 * A stack or database that is protected from deletion stays; the configuration refuses the two together.
 *
 * @throws Error for a stack that is not deployed with such a role
 */
export class SelfDestruct extends Construct {
  constructor(scope: Construct, id: string, { afterHours }: SelfDestructProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const { synthesizer } = stack;
    if (!(synthesizer instanceof DefaultStackSynthesizer)) {
      throw new Error(
        `${stack.stackName} can't delete itself: it needs a role of CloudFormation's own, which CDK's DefaultStackSynthesizer gives it`,
      );
    }

    const time = new CfnParameter(stack, DESTROY_AT, {
      description: `When the stack deletes itself, in UTC, such as 2026-05-04T18:00:00: ${afterHours} hours from now`,
      allowedPattern: String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d`,
      constraintDescription: 'must be a time in UTC such as 2026-05-04T18:00:00',
    });
    const role = new Role(this, 'Role', {
      description: 'Begins the deletion of the workshop stack',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['cloudformation:DeleteStack'], resources: [stack.stackId] }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [Fn.sub(synthesizer.cloudFormationExecutionRoleArn)],
        conditions: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
      }),
    );
    const schedule = new CfnSchedule(this, 'Schedule', {
      description: `Deletes the stack ${stack.stackName}`,
      scheduleExpression: `at(${time.valueAsString})`,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: `arn:${Aws.PARTITION}:scheduler:::aws-sdk:cloudformation:deleteStack`,
        roleArn: role.roleArn,
        input: stack.toJsonString({ StackName: stack.stackId }),
      },
    });
    // Without its policy the role could not act, should the time come at once.
    schedule.node.addDependency(role);
  }
}
