import { ACCOUNT, FakeError, REGION, type FakeAws } from './fake-aws.ts';
import type { Template } from '../../prices/template.ts';

export interface FakeResource {
  readonly logical: string;
  readonly type: string;
  readonly physical: string;
  /** What becomes of it when the stack is deleted for the first time; what failed goes the second time. @default 'DELETE_COMPLETE' */
  readonly ends?: 'DELETE_COMPLETE' | 'DELETE_SKIPPED' | 'DELETE_FAILED';
  readonly reason?: string;
}

export interface FakeStackOptions {
  readonly name?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly template?: Template;
  readonly resources?: readonly FakeResource[];
  readonly isProtected?: boolean;
}

export const STACK_ID = `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/CachingWorkshop/0d2c1e90`;

/** A stack that can be looked at and deleted: with each look at its events one more resource goes. */
export function useFakeStack(aws: FakeAws, options: FakeStackOptions = {}): void {
  const { name = 'CachingWorkshop', outputs = {}, template = {}, resources = [] } = options;
  let status = options.status ?? 'CREATE_COMPLETE';
  const events: object[] = [event('created', name, 'AWS::CloudFormation::Stack', STACK_ID, status)];
  const states = new Map(resources.map(({ logical }) => [logical, 'CREATE_COMPLETE']));
  const need = (asked: unknown) => {
    if (asked === STACK_ID || (asked === name && status !== 'DELETE_COMPLETE')) return;
    throw new FakeError('ValidationError', `Stack with id ${String(asked)} does not exist`);
  };

  aws.on('cloudformation:DescribeStacks', ({ StackName }) => {
    need(StackName);
    const stack = {
      StackId: STACK_ID,
      StackName: name,
      StackStatus: status,
      StackStatusReason: options.reason,
      CreationTime: '2026-11-01T09:00:00Z',
      EnableTerminationProtection: options.isProtected ?? false,
      Outputs: {
        member: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
      },
    };
    return { Stacks: { member: [stack] } };
  });
  aws.on('cloudformation:GetTemplate', ({ StackName }) => {
    need(StackName);
    return { TemplateBody: JSON.stringify(template) };
  });
  // A page each, as the real one has for a hundred.
  aws.on('cloudformation:ListStackResources', ({ StackName, NextToken }) => {
    need(StackName);
    const at = Number(NextToken ?? 0);
    const page = resources.slice(at, at + 1).map(({ logical, type, physical }) => ({
      LogicalResourceId: logical,
      ResourceType: type,
      PhysicalResourceId: physical,
      ResourceStatus: states.get(logical),
    }));
    return {
      StackResourceSummaries: { member: page },
      NextToken: at + 1 < resources.length ? String(at + 1) : undefined,
    };
  });
  const remaining: FakeResource[] = [...resources];
  let asked = 0;
  aws.on('cloudformation:DeleteStack', ({ StackName }) => {
    need(StackName);
    asked += 1;
    if (asked > 1) {
      const failed = resources.filter(({ logical }) => states.get(logical) === 'DELETE_FAILED');
      remaining.push(...failed.map(({ logical, type, physical }) => ({ logical, type, physical })));
    }
    status = 'DELETE_IN_PROGRESS';
    events.unshift(event(`asked-${asked}`, name, 'AWS::CloudFormation::Stack', STACK_ID, status));
    return {};
  });
  aws.on('cloudformation:DescribeStackEvents', ({ StackName }) => {
    need(StackName);
    if (status === 'DELETE_IN_PROGRESS') step();
    return { StackEvents: { member: events } };
  });
  aws.on('cloudformation:ListStacks', () => ({
    StackSummaries: {
      member:
        status === 'DELETE_COMPLETE' ? [{ StackName: name, StackId: STACK_ID, StackStatus: status }] : [],
    },
  }));

  function step(): void {
    const next = remaining.shift();
    if (next === undefined) {
      const failed = [...states.values()].includes('DELETE_FAILED');
      status = failed ? 'DELETE_FAILED' : 'DELETE_COMPLETE';
      const reason = failed ? 'The following resource(s) failed to delete' : undefined;
      events.unshift(event(`end-${asked}`, name, 'AWS::CloudFormation::Stack', STACK_ID, status, reason));
      return;
    }
    const { logical, type, physical, ends = 'DELETE_COMPLETE', reason } = next;
    states.set(logical, ends);
    events.unshift(event(`${logical}-${asked}-1`, logical, type, physical, 'DELETE_IN_PROGRESS'));
    events.unshift(event(`${logical}-${asked}-2`, logical, type, physical, ends, reason));
  }
}

function event(
  id: string,
  LogicalResourceId: string,
  ResourceType: string,
  PhysicalResourceId: string,
  ResourceStatus: string,
  ResourceStatusReason?: string,
): object {
  return {
    EventId: id,
    StackId: STACK_ID,
    StackName: 'CachingWorkshop',
    LogicalResourceId,
    PhysicalResourceId,
    ResourceType,
    ResourceStatus,
    ResourceStatusReason,
    Timestamp: '2026-11-01T12:00:00Z',
  };
}
