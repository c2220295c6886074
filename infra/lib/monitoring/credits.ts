import { formulaOf, inGroups, type Reporter } from './metrics.ts';
import type { Row, Watch } from './watch.ts';

/**
 * CPU credits that a burstable machine earns an hour; it keeps at most a day's. One credit is a vCPU for a minute.
 * The same for T3, T3a and T4g, on EC2, RDS and ElastiCache:
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html,
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html
 */
const earnedAnHour: Readonly<Record<string, number>> = {
  nano: 6,
  micro: 12,
  small: 24,
  medium: 24,
  large: 36,
  xlarge: 96,
  '2xlarge': 192,
};

const burstable = /^t(?:3|3a|4g)\.(\w+)$/;

/**
 * Less than 10 % of the CPU credits are left, and more are spent than earned, for 15 minutes. (CloudWatch has credits
 * every five minutes only.) A new T3 or T4g begins with none and earns them in a day, so a low balance alone would be an alarm at
 * each deployment.
 *
 * Source: "burst balance below 10 % is poor" of CloudWatch's recommended alarms for EBS balances,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html#RDS
 *
 * @param type without `db.` or `cache.`: `t4g.micro`
 * @throws Error on a type whose credits are not known
 */
export function creditWatches(
  reporters: readonly Reporter[],
  type: string,
  { id, row, meaning }: { readonly id: string; readonly row: Row; readonly meaning: string },
): readonly Watch[] {
  const perHour = earnedAnHour[burstable.exec(type)?.[1] ?? ''];
  if (perHour === undefined) {
    throw new Error(`the CPU credits of ${type} are not known: add its size to lib/monitoring/credits.ts`);
  }
  const perPeriod = perHour / 12;
  const perPercent = (perHour * 24) / 100;
  return inGroups(reporters, 2, (group, suffix) => ({
    id: `${id}${suffix.trim()}`,
    row,
    graph: `CPU credits left${suffix}`,
    unit: '%',
    meaning,
    metric: formulaOf(group, {
      metrics: { left: 'CPUCreditBalance', spent: 'CPUCreditUsage' },
      term: (of) => `IF(${of('spent')} > ${perPeriod}, ${of('left')} / ${perPercent}, 100)`,
      combine: 'MIN',
      minutes: 5,
    }),
    lines: [
      formulaOf(group, {
        metrics: { left: 'CPUCreditBalance' },
        term: (of) => `${of('left')} / ${perPercent}`,
        combine: 'MIN',
        minutes: 5,
        label: 'of the credits of a day, the least',
      }),
    ],
    limit: { below: 10 },
    periods: 3,
    silence: 'unknown',
  }));
}
