import type { WebTier } from '../web/web-tier.ts';
import { creditWatches } from './credits.ts';
import { metricOf, type Reporter } from './metrics.ts';
import type { Watch } from './watch.ts';

/**
 * What is watched of the servers.
 * @throws Error on a web tier that is neither a server nor a fleet
 */
export function webWatches(web: WebTier, instanceType: string): Watch[] {
  const { instance, balancer, target } = web;
  if (instance) {
    const reporter = serverOf(instance.instanceId);
    return [status(reporter), ...(instanceType.startsWith('t') ? credits(reporter, instanceType) : [])];
  }
  if (balancer && target) {
    const balancerOnly = balancerOf(balancer.loadBalancerFullName);
    const dimensions = { ...balancerOnly.dimensions, TargetGroup: target.targetGroupFullName };
    return [
      errors({ ...balancerOnly, dimensions }),
      refused(balancerOnly),
      unhealthy({ ...balancerOnly, dimensions }),
    ];
  }
  throw new Error('the web tier has neither an instance nor a balancer with a target group to be watched');
}

/** Where one machine reports. */
export const serverOf = (InstanceId: string): Reporter => ({
  namespace: 'AWS/EC2',
  dimensions: { InstanceId },
});

/** Where a load balancer reports. */
export const balancerOf = (LoadBalancer: string): Reporter => ({
  namespace: 'AWS/ApplicationELB',
  dimensions: { LoadBalancer },
});

/**
 * EC2's checks of the machine or its host have failed for two minutes, or nothing is reported: it is stopped or gone.
 *
 * Source: 2 of 2 periods of
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html#EC2, here of one minute
 */
const status = (reporter: Reporter): Watch => ({
  id: 'WebStatus',
  row: 'Web',
  graph: 'Failed status checks',
  unit: 'checks',
  meaning: 'The web server fails the checks of EC2, or no longer reports: nobody can open the site.',
  metric: metricOf(reporter, 'StatusCheckFailed', { statistic: 'Maximum' }),
  limit: { above: 0 },
  periods: 2,
  silence: 'trouble',
  saysWhenOver: true,
});

/** EC2 runs T4g in unlimited mode: without credits it is not slowed down but billed by the vCPU-hour. */
const credits = (reporter: Reporter, instanceType: string): readonly Watch[] =>
  creditWatches([reporter], instanceType, {
    id: 'WebCredits',
    row: 'Web',
    meaning: 'The web server is using up its CPU credits. Without them each further vCPU-hour is billed.',
  });

/**
 * More than ten answers of the servers a minute are errors of theirs, for three minutes. With no error none is reported, which is calm.
 *
 * Source: the metric from
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html, "Reporting criteria: There is a nonzero value".
 * The number is ours: a deployment or one server that goes costs a handful.
 */
const errors = (reporter: Reporter): Watch =>
  tooManyErrors(reporter, 'HTTPCode_Target_5XX_Count', 'of the servers', {
    id: 'WebErrors',
    meaning: 'The web servers answer more than ten requests a minute with an error (5xx).',
  });

/**
 * The load balancer itself has answered more than ten requests a minute with an error for three minutes, for it found no server that would.
 *
 * Source: as that of the servers' errors,
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
const refused = (reporter: Reporter): Watch =>
  tooManyErrors(reporter, 'HTTPCode_ELB_5XX_Count', 'of the balancer', {
    id: 'WebRefused',
    meaning:
      'The load balancer finds no server for more than ten requests a minute (5xx): the servers are down, or too few.',
  });

/** Both kinds of errors, on one graph. */
function tooManyErrors(
  reporter: Reporter,
  metric: string,
  label: string,
  given: Pick<Watch, 'id' | 'meaning'>,
): Watch {
  return {
    ...given,
    row: 'What visitors feel',
    graph: 'Errors (5xx) a minute',
    unit: 'answers',
    metric: metricOf(reporter, metric, { statistic: 'Sum', label }),
    limit: { above: 10 },
    periods: 3,
    silence: 'calm',
  };
}

/**
 * A server fails the health check for five minutes: the group should have put another in its place by then. Nothing is reported when no server is
 * registered at all.
 *
 * Source: the metric from
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html; one is already too many, so the limit is none
 */
const unhealthy = (reporter: Reporter): Watch => ({
  id: 'WebUnhealthy',
  row: 'Web',
  graph: 'Servers that fail the health check',
  unit: 'servers',
  meaning: 'A web server has failed the health check for five minutes, or there is none.',
  metric: metricOf(reporter, 'UnHealthyHostCount', { statistic: 'Maximum' }),
  limit: { above: 0 },
  periods: 5,
  silence: 'trouble',
  saysWhenOver: true,
});
