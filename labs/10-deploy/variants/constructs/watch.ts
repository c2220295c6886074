import { Duration } from 'aws-cdk-lib/core';
import { Alarm, Metric, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { CfnReplicationGroup } from 'aws-cdk-lib/aws-elasticache';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

interface WatchProps {
  readonly database: DatabaseInstance;
  readonly cache: CfnReplicationGroup;
  readonly email?: string;
}

export class Watch extends Construct {
  readonly #topic: Topic;

  constructor(scope: Construct, id: string, { database, cache, email }: WatchProps) {
    super(scope, id);
    this.#topic = new Topic(this, 'Topic');
    this.#topic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com'));
    if (email) {
      const protocol = SubscriptionProtocol.EMAIL;
      new Subscription(this, 'Email', { topic: this.#topic, protocol, endpoint: email });
    }
    const ofCache = (metricName: string) =>
      new Metric({
        namespace: 'AWS/ElastiCache',
        metricName,
        dimensionsMap: { CacheClusterId: `${cache.ref}-001`, CacheNodeId: '0001' },
        period: Duration.minutes(5),
      });
    this.#alarm('Cpu', database.metricCPUUtilization(), 85);
    this.#alarm('CacheCpu', ofCache('CPUUtilization'), 40);
    this.#alarm('CacheMemory', ofCache('DatabaseMemoryUsagePercentage'), 75);
    this.#alarm('Space', database.metricFreeStorageSpace(), 90);
  }

  #alarm(name: string, metric: IMetric, threshold: number): void {
    const alarm = new Alarm(this, name, { metric, threshold, evaluationPeriods: 2 });
    alarm.addAlarmAction(new SnsAction(this.#topic));
  }
}
