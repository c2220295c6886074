import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export interface AlarmTopicProps {
  /**
   * Who gets a mail when an alarm fires. AWS asks first whether they want it.
   * @default nobody
   */
  readonly email?: string;
}

/**
 * Where the alarms speak. It takes TLS only. SNS encrypts its disks by itself; there is no key of KMS on top: with AWS's own key
 * (`alias/aws/sns`) CloudWatch may not publish, and one of ours is 1 USD a month, for messages that tell a metric and a number.
 *
 * https://docs.aws.amazon.com/sns/latest/dg/sns-data-encryption.html
 */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { email }: AlarmTopicProps = {}) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { displayName: 'Caching workshop', enforceSSL: true });
    // A policy of ours, such as that on TLS, takes the place of the one that lets the account's own alarms publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (email) this.topic.addSubscription(new EmailSubscription(email));
  }
}
