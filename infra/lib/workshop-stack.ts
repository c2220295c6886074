import { CfnOutput, Stack, Tags, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { BudgetAlarm } from './budget.ts';
import { Cache } from './cache/cache.ts';
import type { InfraConfig } from './config/config.ts';
import { Database } from './database.ts';
import { Monitoring } from './monitoring/monitoring.ts';
import { acknowledge } from './nag.ts';
import { Network } from './network.ts';
import { SelfDestruct } from './self-destruct.ts';
import { storeOutputs } from './store-outputs.ts';
import { WebFleet } from './web/web-fleet.ts';
import { WebServer } from './web/web-server.ts';
import type { WebTier } from './web/web-tier.ts';

/** The tag by which everything of a stack is found. */
export const STACK_TAG = 'workshop-stack';

export interface WorkshopStackProps extends StackProps {
  /** The folder with the built demo. @default packages/web/dist */
  readonly bundle?: string;
}

/** The demo on AWS: RDS for MySQL, ElastiCache, who serves the site, and who watches over them. */
export class WorkshopStack extends Stack {
  readonly database: Database;
  readonly cache: Cache;
  readonly web: WebTier;
  readonly monitoring: Monitoring;

  constructor(scope: Construct, config: InfraConfig, { bundle, ...props }: WorkshopStackProps = {}) {
    super(scope, config.stackName, {
      description: 'The caching workshop: its demo on RDS for MySQL and ElastiCache',
      terminationProtection: config.database.keepData,
      // Each node is named on the dashboard; CloudFormation takes a million characters.
      suppressTemplateIndentation: config.cache.mode === 'cluster',
      ...props,
    });
    const network = new Network(this, 'Network', config.network);
    const database = new Database(this, 'Database', { network, ...config.database });
    const cache = new Cache(this, 'Cache', { network, ...config.cache });
    const parts = { network, database, cache, config, bundle };
    const web =
      config.web.kind === 'server' ? new WebServer(this, 'Web', parts) : new WebFleet(this, 'Web', parts);
    const monitoring = new Monitoring(this, 'Monitoring', { database, cache, web, config });
    if (web instanceof WebFleet) web.notify(monitoring.topic);

    const { stackName, budget, destroyAfterHours } = config;
    if (budget) new BudgetAlarm(this, 'Budget', { ...budget, stackName });
    if (destroyAfterHours !== undefined)
      new SelfDestruct(this, 'SelfDestruct', { afterHours: destroyAfterHours });

    this.database = database;
    this.cache = cache;
    this.web = web;
    this.monitoring = monitoring;
    this.#writeOutputs();
    Tags.of(this).add(STACK_TAG, stackName);
    acknowledge(this);
  }

  /** CloudFormation's own name of an output has no underscores: these become `secretname`, `mysqlendpoint`, ... */
  #writeOutputs(): void {
    const { web, monitoring } = this;
    const outputs = {
      ...storeOutputs(this),
      webserver_public_ip: web.publicIp,
      webserver_url: web.url,
      dashboard_url: monitoring.dashboardUrl,
    };
    for (const [name, value] of Object.entries(outputs)) {
      if (value !== undefined) new CfnOutput(this, name, { value });
    }
  }
}
