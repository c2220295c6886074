/**
 * The outputs of the workshop's stack that the demo reads. CloudFormation's names of outputs are letters and digits only: CDK makes
 * `secretname` of `secret_name`. Upper and lower case are taken for the same here.
 */
export const STACK_OUTPUTS = {
  /** The database's secret in Secrets Manager, by name or ARN: JSON with `username` and `password`. */
  mysqlSecret: { key: 'secretname', required: true },
  /** `host` or `host:port`. */
  mysqlEndpoint: { key: 'mysqlendpoint', required: true },
  /** `host` or `host:port`: the primary's, the cluster's configuration endpoint, or the serverless cache's. */
  redisEndpoint: { key: 'redisendpoint', required: true },
  /** The cache's secret, where it asks for a password: JSON with `password`, and `username` if it is not the default user's. */
  redisSecret: { key: 'redissecretname', required: false },
  /** `node`, `cluster` or `serverless`; without it, `node`. */
  redisMode: { key: 'redismode', required: false },
} as const satisfies Record<string, { readonly key: string; readonly required: boolean }>;

export type StackOutput = keyof typeof STACK_OUTPUTS;
