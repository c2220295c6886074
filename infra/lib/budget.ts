import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';

export interface BudgetAlarmProps {
  /** What the stack may cost in a calendar month. */
  readonly usd: number;
  /** Who is told, at 80 % spent and when the forecast for the month is above the whole. */
  readonly email: string;
  /** The value of the tag `workshop-stack`, by which the stack's costs are told from others. */
  readonly stackName: string;
}

/**
 * A budget of AWS Budgets for what bears the stack's tag. It is free of charge.
 *
 * It sees nothing until `workshop-stack` is activated as a cost allocation tag, once an account, in the console of Billing and Cost
 * Management; the tag appears there a day after it was first used.
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
 *
 * AWS counts costs a few times a day and forecasts after weeks, so it is for stacks that stay.
 * What keeps a workshop of a day cheap is `SelfDestruct`.
 * https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-best-practices.html
 */
export class BudgetAlarm extends Construct {
  constructor(scope: Construct, id: string, { usd, email, stackName }: BudgetAlarmProps) {
    super(scope, id);
    const subscribers = [{ subscriptionType: 'EMAIL', address: email }];
    const at = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: {
        notificationType,
        comparisonOperator: 'GREATER_THAN',
        threshold,
        thresholdType: 'PERCENTAGE',
      },
      subscribers,
    });
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: usd, unit: 'USD' },
        costFilters: { TagKeyValue: [`user:workshop-stack$${stackName}`] },
      },
      notificationsWithSubscribers: [at('ACTUAL', 80), at('FORECASTED', 100)],
    });
  }
}
