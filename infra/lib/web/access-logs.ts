import type { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectOwnership,
  type BucketProps,
} from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/**
 * A bucket to which a load balancer writes who asked for what, for 30 days. CDK's own `logAccessLogs` has to know the region; the service that is let in here
 * writes in all of them (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html).
 *
 * @param isKept whether the bucket stays when the stack goes
 */
export function keepAccessLogs(scope: Construct, balancer: ApplicationLoadBalancer, isKept: boolean): Bucket {
  const logs: BucketProps = {
    // The only encryption that load balancers can write with.
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    lifecycleRules: [
      { expiration: Duration.days(30), abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
    removalPolicy: isKept ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  };
  // Who has looked at them is written down as well, elsewhere: in the same bucket each line would lead to another.
  const readers = new Bucket(scope, 'AccessLogReaders', logs);
  const bucket = new Bucket(scope, 'AccessLogs', { ...logs, serverAccessLogsBucket: readers });
  const { account } = Stack.of(scope);
  bucket.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects(`AWSLogs/${account}/*`)],
    }),
  );
  balancer.setAttribute('access_logs.s3.enabled', 'true');
  balancer.setAttribute('access_logs.s3.bucket', bucket.bucketName);
  // The load balancer tries it as it is made.
  if (bucket.policy) balancer.node.addDependency(bucket.policy);
  return bucket;
}
