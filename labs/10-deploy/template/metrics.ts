const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/**
 * What RDS reports of a MySQL instance, under its DBInstanceIdentifier.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
 */
export const rdsMetrics = words(`
  BinLogDiskUsage BurstBalance CheckpointLag ConnectionAttempts CPUCreditBalance CPUCreditUsage
  CPUSurplusCreditBalance CPUSurplusCreditsCharged CPUUtilization DatabaseConnections DBLoad DBLoadCPU
  DBLoadNonCPU DBLoadRelativeToNumVCPUs DiskQueueDepth DiskQueueDepthLogVolume EBSByteBalance% EBSIOBalance%
  FreeableMemory FreeLocalStorage FreeLocalStoragePercent FreeStorageSpace FreeStorageSpaceLogVolume
  NetworkReceiveThroughput NetworkTransmitThroughput Queries ReadIOPS ReadIOPSLocalStorage ReadIOPSLogVolume
  ReadLatency ReadLatencyLocalStorage ReadLatencyLogVolume ReadThroughput ReadThroughputLocalStorage
  ReadThroughputLogVolume ReplicaLag ReplicationChannelLag SwapUsage WriteIOPS WriteIOPSLocalStorage
  WriteIOPSLogVolume WriteLatency WriteLatencyLocalStorage WriteLatencyLogVolume WriteThroughput
  WriteThroughputLocalStorage WriteThroughputLogVolume
`);

/**
 * What each node of a replication group reports, under its CacheClusterId.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.html
 */
export const nodeMetrics = words(`
  CPUUtilization CPUCreditBalance CPUCreditUsage FreeableMemory NetworkBytesIn NetworkBytesOut NetworkPacketsIn
  NetworkPacketsOut NetworkBandwidthInAllowanceExceeded NetworkBandwidthOutAllowanceExceeded
  NetworkConntrackAllowanceExceeded NetworkLinkLocalAllowanceExceeded NetworkMaxBytesIn NetworkMaxBytesOut
  NetworkMaxPacketsIn NetworkMaxPacketsOut NetworkPacketsPerSecondAllowanceExceeded SwapUsage
  ActiveDefragHits AuthenticationFailures BytesUsedForCache BytesReadFromDisk BytesWrittenToDisk CacheHits
  CacheMisses CacheHitRate ChannelAuthorizationFailures CommandAuthorizationFailures CurrConnections CurrItems
  CurrVolatileItems DatabaseCapacityUsagePercentage DatabaseCapacityUsageCountedForEvictPercentage
  DatabaseMemoryUsagePercentage DatabaseMemoryUsageCountedForEvictPercentage DB0AverageTTL EngineCPUUtilization
  ErrorCount Evictions GlobalDatastoreReplicationLag IamAuthenticationExpirations IamAuthenticationThrottling
  IsMaster IsPrimary KeyAuthorizationFailures KeysTracked MasterLinkHealthStatus PrimaryLinkHealthStatus
  MemoryFragmentationRatio NewConnections NumItemsReadFromDisk NumItemsWrittenToDisk Reclaimed ReplicationBytes
  ReplicationLag SaveInProgress SuccessfulReadRequestLatency SuccessfulWriteRequestLatency
  TrafficManagementActive TotalCmdsCount
  ClusterBasedCmds ClusterBasedCmdsLatency EvalBasedCmds EvalBasedCmdsLatency GeoSpatialBasedCmds
  GeoSpatialBasedCmdsLatency GetTypeCmds GetTypeCmdsLatency HashBasedCmds HashBasedCmdsLatency
  HyperLogLogBasedCmds HyperLogLogBasedCmdsLatency JsonBasedCmds JsonBasedCmdsLatency KeyBasedCmds
  KeyBasedCmdsLatency ListBasedCmds ListBasedCmdsLatency NonKeyTypeCmds NonKeyTypeCmdsLatency PubSubBasedCmds
  PubSubBasedCmdsLatency SearchBasedCmds SearchBasedGetCmds SearchBasedSetCmds SearchNumberOfIndexes
  SetBasedCmds SetBasedCmdsLatency SetTypeCmds SetTypeCmdsLatency SortedSetBasedCmds SortedSetBasedCmdsLatency
  StreamBasedCmds StreamBasedCmdsLatency StringBasedCmds StringBasedCmdsLatency
`);

/**
 * What a serverless cache reports, under its clusterId.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/serverless-metrics-events-redis.html
 */
export const serverlessMetrics = words(`
  AuthenticationFailures BytesUsedForCache CacheHitRate CacheHits CacheMisses ChannelAuthorizationFailures
  CommandAuthorizationFailures CurrConnections CurrItems CurrVolatileItems ElastiCacheProcessingUnits
  EvalBasedCmds EvalBasedCmdsECPUs Evictions GeoSpatialBasedCmds GeoSpatialBasedCmdsECPUs GetTypeCmds
  GetTypeCmdsECPUs HashBasedCmds HashBasedCmdsECPUs HyperLogLogBasedCmds HyperLogLogBasedCmdsECPUs
  IamAuthenticationExpirations IamAuthenticationThrottling JsonBasedCmds JsonBasedCmdsECPUs
  KeyAuthorizationFailures KeyBasedCmds KeyBasedCmdsECPUs ListBasedCmds ListBasedCmdsECPUs NetworkBytesIn
  NetworkBytesOut NewConnections NonKeyTypeCmds NonKeyTypeCmdsECPUs PubSubBasedCmds PubSubBasedCmdsECPUs
  Reclaimed SetBasedCmds SetBasedCmdsECPUs SetTypeCmds SetTypeCmdsECPUs SortedSetBasedCmds
  SortedSetBasedCmdsECPUs StreamBasedCmds StreamBasedCmdsECPUs StringBasedCmds StringBasedCmdsECPUs
  SuccessfulReadRequestLatency SuccessfulWriteRequestLatency ThrottledCmds TotalCmdsCount
`);

/**
 * What EC2 reports of an instance, under its InstanceId.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html
 */
export const instanceMetrics = words(`
  CPUCreditBalance CPUCreditUsage CPUSurplusCreditBalance CPUSurplusCreditsCharged CPUUtilization DiskReadBytes
  DiskReadOps DiskWriteBytes DiskWriteOps EBSByteBalance% EBSIOBalance% EBSReadBytes EBSReadOps EBSWriteBytes
  EBSWriteOps MetadataNoToken MetadataNoTokenRejected NetworkIn NetworkOut NetworkPacketsIn NetworkPacketsOut
  StatusCheckFailed StatusCheckFailed_AttachedEBS StatusCheckFailed_Instance StatusCheckFailed_System
`);

/** Other namespaces that AWS has and that a stack like this may report to. */
export const otherNamespaces = words(`
  AWS/ApplicationELB AWS/Billing AWS/CloudFront AWS/EBS AWS/ECS AWS/Events AWS/KMS AWS/Lambda AWS/Logs
  AWS/NATGateway AWS/NetworkELB AWS/PrivateLinkEndpoints AWS/Route53 AWS/S3 AWS/SecretsManager AWS/SNS AWS/SQS
  AWS/SSM-RunCommand AWS/Usage AWS/WAFV2
`);
