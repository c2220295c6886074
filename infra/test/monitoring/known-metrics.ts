/** What AWS reports, and under which dimensions: an alarm on anything else would never see a number. */
export interface Known {
  readonly metrics: ReadonlySet<string>;
  readonly dimensions: readonly string[];
}

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

export const known: Readonly<Record<string, readonly Known[]>> = {
  'AWS/ElastiCache': [
    {
      // https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.HostLevel.html, CacheMetrics.Redis.html
      metrics: words(`
        CPUUtilization CPUCreditBalance CPUCreditUsage EngineCPUUtilization DatabaseMemoryUsagePercentage Evictions
        CacheHitRate CacheHits CacheMisses CurrConnections ReplicationLag SuccessfulReadRequestLatency GetTypeCmdsLatency
      `),
      dimensions: ['CacheClusterId'],
    },
    {
      // https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/serverless-metrics-events-redis.html
      metrics: words(`
        BytesUsedForCache CacheHitRate CacheHits CacheMisses CurrConnections ElastiCacheProcessingUnits Evictions
        SuccessfulReadRequestLatency ThrottledCmds
      `),
      dimensions: ['clusterId'],
    },
  ],
  'AWS/RDS': [
    {
      // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
      metrics: words(`
        CPUUtilization CPUCreditBalance CPUCreditUsage DatabaseConnections DBLoad EBSByteBalance% EBSIOBalance%
        FreeableMemory FreeStorageSpace ReadLatency WriteLatency ReplicaLag
      `),
      dimensions: ['DBInstanceIdentifier'],
    },
  ],
  'AWS/EC2': [
    {
      // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html
      metrics: words('CPUUtilization CPUCreditBalance CPUCreditUsage StatusCheckFailed'),
      dimensions: ['InstanceId'],
    },
    { metrics: words('CPUUtilization'), dimensions: ['AutoScalingGroupName'] },
  ],
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
  'AWS/ApplicationELB': [
    {
      metrics: words('HTTPCode_ELB_5XX_Count RequestCount TargetResponseTime'),
      dimensions: ['LoadBalancer'],
    },
    {
      metrics: words('HTTPCode_Target_5XX_Count UnHealthyHostCount'),
      dimensions: ['LoadBalancer', 'TargetGroup'],
    },
  ],
};

/** Whether a metric of this name is reported under these dimensions, no more and no fewer. */
export const isKnown = (namespace: string, metric: string, dimensions: readonly string[]): boolean =>
  (known[namespace] ?? []).some(
    (reporter) =>
      reporter.metrics.has(metric) && dimensions.toSorted().join() === reporter.dimensions.toSorted().join(),
  );
