import { Template } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib/core';
import { expect, it } from 'vitest';
import { BudgetAlarm } from '../lib/budget.ts';

const stack = new Stack();
new BudgetAlarm(stack, 'Budget', { usd: 25, email: 'ops@example.com', stackName: 'CachingWorkshop' });
const template = Template.fromStack(stack);

it('counts a month of what bears the tag of the stack, and of nothing else', () => {
  template.resourceCountIs('AWS::Budgets::Budget', 1);
  template.hasResourceProperties('AWS::Budgets::Budget', {
    Budget: {
      BudgetType: 'COST',
      TimeUnit: 'MONTHLY',
      BudgetLimit: { Amount: 25, Unit: 'USD' },
      CostFilters: { TagKeyValue: ['user:workshop-stack$CachingWorkshop'] },
    },
  });
});

it('tells one person, at 80 % spent and when the forecast is above the whole', () => {
  const [budget] = Object.values(template.findResources('AWS::Budgets::Budget'));
  const percent = { ComparisonOperator: 'GREATER_THAN', ThresholdType: 'PERCENTAGE' };
  const Subscribers = [{ SubscriptionType: 'EMAIL', Address: 'ops@example.com' }];
  expect(budget?.['Properties'].NotificationsWithSubscribers).toEqual([
    { Notification: { NotificationType: 'ACTUAL', Threshold: 80, ...percent }, Subscribers },
    { Notification: { NotificationType: 'FORECASTED', Threshold: 100, ...percent }, Subscribers },
  ]);
});
