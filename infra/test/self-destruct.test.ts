import { Match, Template } from 'aws-cdk-lib/assertions';
import { App, LegacyStackSynthesizer, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { DESTROY_AT, destroyAt, SelfDestruct } from '../lib/self-destruct.ts';

const template = templateOf(8);

function templateOf(afterHours: number): Template {
  const stack = new Stack(new App(), 'CachingWorkshop');
  new SelfDestruct(stack, 'SelfDestruct', { afterHours });
  return Template.fromStack(stack);
}

describe('the time', () => {
  it('is a parameter that must be given, so the template has no clock in it', () => {
    const parameter = template.findParameters(DESTROY_AT)[DESTROY_AT];
    expect(parameter).toMatchObject({ Type: 'String' });
    expect(parameter).not.toHaveProperty('Default');
    expect(templateOf(8).toJSON()).toEqual(template.toJSON());
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: { 'Fn::Join': ['', ['at(', { Ref: DESTROY_AT }, ')']] },
      FlexibleTimeWindow: { Mode: 'OFF' },
    });
  });

  it('is worked out from the hours as the parameter wants it', () => {
    const pattern = new RegExp(`^${template.findParameters(DESTROY_AT)[DESTROY_AT]?.['AllowedPattern']}$`);
    expect(destroyAt(8, new Date('2026-05-04T20:30:15.250Z'))).toBe('2026-05-05T04:30:15');
    expect(destroyAt(0.5, new Date('2026-12-31T23:45:00Z'))).toBe('2027-01-01T00:15:00');
    expect(destroyAt(8)).toMatch(pattern);
    expect('tomorrow').not.toMatch(pattern);
  });
});

describe('the deletion', () => {
  it('is of this stack by its id, so never of a later one with its name', () => {
    template.resourceCountIs('AWS::Scheduler::Schedule', 1);
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      Target: {
        Arn: {
          'Fn::Join': [
            '',
            ['arn:', { Ref: 'AWS::Partition' }, ':scheduler:::aws-sdk:cloudformation:deleteStack'],
          ],
        },
        Input: { 'Fn::Join': ['', ['{"StackName":"', { Ref: 'AWS::StackId' }, '"}']] },
      },
    });
  });

  it('may be begun by the scheduler of this account, which may do nothing else', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'scheduler.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ],
      },
    });
    template.resourceCountIs('AWS::IAM::Policy', 1);
    const [policy] = Object.values(template.findResources('AWS::IAM::Policy'));
    expect(policy?.['Properties'].PolicyDocument.Statement).toEqual([
      { Action: 'cloudformation:DeleteStack', Effect: 'Allow', Resource: { Ref: 'AWS::StackId' } },
      {
        Action: 'iam:PassRole',
        Effect: 'Allow',
        Resource: {
          'Fn::Sub':
            'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cdk-hnb659fds-cfn-exec-role-${AWS::AccountId}-${AWS::Region}',
        },
        Condition: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
      },
    ]);
  });

  it('does not begin before the role may', () => {
    const [policy] = Object.keys(template.findResources('AWS::IAM::Policy'));
    template.hasResource('AWS::Scheduler::Schedule', { DependsOn: Match.arrayWith([policy]) });
  });

  it('is refused where the stack has no role that outlives it', () => {
    const stack = new Stack(new App(), 'Old', { synthesizer: new LegacyStackSynthesizer() });
    expect(() => new SelfDestruct(stack, 'SelfDestruct', { afterHours: 8 })).toThrow(
      "Old can't delete itself: it needs a role of CloudFormation's own",
    );
  });
});
