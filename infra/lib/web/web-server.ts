import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Duration, Lazy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { letVisitorsIn, MACHINE, machineGroup } from './machine.ts';
import { userData } from './user-data.ts';
import { webBundle } from './web-bundle.ts';
import { webRole } from './web-role.ts';
import type { WebTier, WebTierProps } from './web-tier.ts';
import { SITE_PORT } from './web-tier.ts';

/** How long the machine may take until it serves, data set and all. */
const START_LIMIT = Duration.minutes(15);

/**
 * One machine that serves the site. Its public address is for its own way out: nobody is let in but the visitors that the configuration names. A new
 * bundle or new settings make a new machine.
 */
export class WebServer extends Construct implements WebTier {
  readonly role: Role;
  readonly url: string;
  readonly publicIp: string;
  readonly connections: ec2.Connections;
  readonly instance: ec2.Instance;

  constructor(scope: Construct, id: string, props: WebTierProps) {
    super(scope, id);
    const { network, config } = props;
    const bundle = webBundle(this, props.bundle);
    this.role = webRole(this, props, bundle);
    const securityGroup = machineGroup(this, props);
    letVisitorsIn(securityGroup, props);
    this.instance = new ec2.Instance(this, 'Machine', {
      ...MACHINE,
      vpc: network.vpc,
      vpcSubnets: network.servers,
      associatePublicIpAddress: true,
      instanceType: new ec2.InstanceType(config.web.instanceType),
      securityGroup,
      role: this.role,
      detailedMonitoring: true,
      // IMDSv2: a request that somebody makes the server send can't fetch the role's keys.
      httpTokens: ec2.HttpTokens.REQUIRED,
      httpPutResponseHopLimit: 1,
      propagateTagsToVolumeOnCreation: true,
      userData: userData(this, props, {
        bundle,
        resource: Lazy.string({ produce: () => this.instance.instance.logicalId }),
        // Whom nobody can reach but by Session Manager has no need to listen elsewhere.
        host: config.access.visitors === undefined ? '127.0.0.1' : '0.0.0.0',
        trustProxy: 'none',
        onFailure: 'stay',
      }),
      userDataCausesReplacement: true,
    });
    this.instance.instance.cfnOptions.creationPolicy = {
      resourceSignal: { count: 1, timeout: START_LIMIT.toIsoString() },
    };
    this.connections = new ec2.Connections({ securityGroups: [securityGroup] });
    this.publicIp = this.instance.instancePublicIp;
    this.url = `http://${this.publicIp}:${SITE_PORT}`;
  }
}
