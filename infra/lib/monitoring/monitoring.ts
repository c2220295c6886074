import type { Alarm, Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Aws } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Cache } from '../cache/cache.ts';
import type { InfraConfig } from '../config/config.ts';
import type { Database } from '../database.ts';
import type { WebTier } from '../web/web-tier.ts';
import { AlarmTopic } from './alarm-topic.ts';
import { cacheNodeWatches } from './cache-node-watches.ts';
import { cacheServerlessWatches } from './cache-serverless-watches.ts';
import { dashboardOf } from './dashboard.ts';
import { databaseWatches } from './database-watches.ts';
import { plainGraphs } from './graphs.ts';
import { alarmOf, type Watch } from './watch.ts';
import { webWatches } from './web-watches.ts';

export interface MonitoringProps {
  readonly database: Database;
  readonly cache: Cache;
  readonly web: WebTier;
  /** The machines' types, the cache's engine, and who gets the mails. */
  readonly config: Pick<InfraConfig, 'stackName' | 'database' | 'cache' | 'web' | 'alarmEmail'>;
}

/**
 * Alarms that tell a topic, and a dashboard on which each stands beside its graph.
 * An alarm costs 0.10 USD a month for each metric it looks at, after the account's first ten: https://aws.amazon.com/cloudwatch/pricing/
 */
export class Monitoring extends Construct {
  readonly topic: ITopic;
  readonly dashboard: Dashboard;
  readonly alarms: readonly Alarm[];
  /** The dashboard in the console. */
  readonly dashboardUrl: string;

  constructor(scope: Construct, id: string, { database, cache, web, config }: MonitoringProps) {
    super(scope, id);
    const { topic } = new AlarmTopic(this, 'Alarms', { email: config.alarmEmail });
    const watches: readonly Watch[] = [
      ...(cache.mode === 'serverless'
        ? cacheServerlessWatches(cache)
        : cacheNodeWatches(cache, config.cache)),
      ...databaseWatches(database, config.database.instanceType),
      ...webWatches(web, config.web.instanceType),
    ];
    const watched = watches.map((watch) => ({ watch, alarm: alarmOf(this, watch, topic) }));
    this.topic = topic;
    this.alarms = watched.map(({ alarm }) => alarm);
    this.dashboard = dashboardOf(this, 'Dashboard', {
      watched,
      graphs: plainGraphs({ cache, web }),
      stackName: config.stackName,
    });
    this.dashboardUrl = `https://${Aws.REGION}.console.aws.amazon.com/cloudwatch/home?region=${Aws.REGION}#dashboards/dashboard/${this.dashboard.dashboardName}`;
  }
}
