import type * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Cache } from '../cache/cache.ts';
import type { InfraConfig } from '../config/config.ts';
import type { Database } from '../database.ts';
import type { Network } from '../network.ts';

/** The port on which the demo listens, on every machine. */
export const SITE_PORT = 8008;

/** What serves the site: one machine, or several behind a load balancer. */
export interface WebTier extends ec2.IConnectable {
  /** What a machine may do. */
  readonly role: iam.Role;
  /** Where the site is for those who may open it. With a certificate, a name that the certificate is for has to lead there. */
  readonly url: string;
  /** Of the one machine. */
  readonly publicIp?: string;
  readonly instance?: ec2.Instance;
  readonly group?: autoscaling.AutoScalingGroup;
  readonly balancer?: elbv2.ApplicationLoadBalancer;
  readonly target?: elbv2.ApplicationTargetGroup;
}

export interface WebTierProps {
  readonly network: Network;
  readonly database: Database;
  readonly cache: Cache;
  readonly config: InfraConfig;
  /** The folder with the built demo. @default packages/web/dist */
  readonly bundle?: string;
}
