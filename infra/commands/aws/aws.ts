import { awsError, AwsError, type Asked } from './aws-error.ts';

const CONFIG = {
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
} as const;

/** A module of the SDK takes a tenth of a second and more to load: each is, when it is first asked for something. */
const LOADERS = {
  cloudFormation: async () => {
    const sdk = await import('@aws-sdk/client-cloudformation');
    return { sdk, client: new sdk.CloudFormationClient(CONFIG) };
  },
  cloudWatch: async () => {
    const sdk = await import('@aws-sdk/client-cloudwatch');
    return { sdk, client: new sdk.CloudWatchClient(CONFIG) };
  },
  ec2: async () => {
    const sdk = await import('@aws-sdk/client-ec2');
    return { sdk, client: new sdk.EC2Client(CONFIG) };
  },
  elastiCache: async () => {
    const sdk = await import('@aws-sdk/client-elasticache');
    return { sdk, client: new sdk.ElastiCacheClient(CONFIG) };
  },
  rds: async () => {
    const sdk = await import('@aws-sdk/client-rds');
    return { sdk, client: new sdk.RDSClient(CONFIG) };
  },
  s3: async () => {
    const sdk = await import('@aws-sdk/client-s3');
    // By path, which is what an emulator at a bare address needs.
    const forcePathStyle = process.env['AWS_ENDPOINT_URL'] !== undefined;
    return { sdk, client: new sdk.S3Client({ ...CONFIG, forcePathStyle }) };
  },
  ssm: async () => {
    const sdk = await import('@aws-sdk/client-ssm');
    return { sdk, client: new sdk.SSMClient(CONFIG) };
  },
  sts: async () => {
    const sdk = await import('@aws-sdk/client-sts');
    return { sdk, client: new sdk.STSClient(CONFIG) };
  },
  tagging: async () => {
    const sdk = await import('@aws-sdk/client-resource-groups-tagging-api');
    return { sdk, client: new sdk.ResourceGroupsTaggingAPIClient(CONFIG) };
  },
} satisfies Record<string, () => Promise<{ readonly sdk: object; readonly client: { destroy(): void } }>>;

type Name = keyof typeof LOADERS;
type Service<N extends Name> = Awaited<ReturnType<(typeof LOADERS)[N]>>;

const TITLES: Readonly<Record<Name, string>> = {
  cloudFormation: 'CloudFormation',
  cloudWatch: 'CloudWatch',
  ec2: 'EC2',
  elastiCache: 'ElastiCache',
  rds: 'RDS',
  s3: 'S3',
  ssm: 'Systems Manager',
  sts: 'STS',
  tagging: 'The Resource Groups Tagging API',
};

/** The services of one account and region, which are found as AWS's command line finds them. */
export class Aws {
  readonly region: string;
  readonly #services = new Map<Name, Promise<Service<Name>>>();

  private constructor(region: string) {
    this.region = region;
  }

  /** Throws `AwsError` where no region is set. */
  static async open(): Promise<Aws> {
    // What the SDK says about Node 20 is for those who build on it; here it would stand before the answer.
    process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
    const { client } = await LOADERS.sts();
    try {
      return new Aws(await client.config.region());
    } catch (error) {
      throw new AwsError(
        'no-region',
        `No AWS region is set. Name the one that the stack is in, or is to be in:

  export AWS_REGION=eu-west-1
  aws configure set region eu-west-1      for good`,
        { cause: error },
      );
    } finally {
      client.destroy();
    }
  }

  /** One request. Rejects with `AwsError`. */
  async ask<N extends Name, T>(
    name: N,
    about: Pick<Asked, 'action' | 'purpose'>,
    send: (service: Service<N>) => Promise<T>,
  ): Promise<T> {
    const loaded = (this.#services.get(name) ?? LOADERS[name]()) as Promise<Service<N>>;
    this.#services.set(name, loaded);
    try {
      return await send(await loaded);
    } catch (error) {
      throw awsError(error, { ...about, service: TITLES[name], region: this.region });
    }
  }

  async close(): Promise<void> {
    for (const service of this.#services.values()) (await service).client.destroy();
    this.#services.clear();
  }
}

/** Opens AWS for as long as `run` takes. */
export async function withAws<T>(run: (aws: Aws) => Promise<T>): Promise<T> {
  const aws = await Aws.open();
  try {
    return await run(aws);
  } finally {
    await aws.close();
  }
}

/** Undefined in place of an error that says that there is no such thing. */
export async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'not-found') return undefined;
    throw error;
  }
}

/** Undefined where AWS wants to be asked less often: it will be asked again anyway. */
export async function orThrottled<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'throttled') return undefined;
    throw error;
  }
}
