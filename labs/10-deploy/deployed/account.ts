import { StackError, stackError } from './stack-error.ts';

const config = {
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
} as const;

/** A module of the SDK takes a tenth of a second and more to load: each is, when its service is first asked. */
const loaders = {
  CloudFormation: async () => {
    const sdk = await import('@aws-sdk/client-cloudformation');
    return { sdk, client: new sdk.CloudFormationClient(config) };
  },
  RDS: async () => {
    const sdk = await import('@aws-sdk/client-rds');
    return { sdk, client: new sdk.RDSClient(config) };
  },
  ElastiCache: async () => {
    const sdk = await import('@aws-sdk/client-elasticache');
    return { sdk, client: new sdk.ElastiCacheClient(config) };
  },
} satisfies Record<string, () => Promise<{ readonly sdk: object; readonly client: { destroy(): void } }>>;

export type Service = keyof typeof loaders;
type Loaded<S extends Service> = Awaited<ReturnType<(typeof loaders)[S]>>;

/** The account and region that a stack is in, found as AWS's command line finds them. It is only asked, never changed. */
export class Account {
  readonly region: string;
  readonly #stackName: string;
  readonly #loaded = new Map<Service, Promise<Loaded<Service>>>();

  private constructor(region: string, stackName: string) {
    this.region = region;
    this.#stackName = stackName;
  }

  /** @throws {StackError} where no region is set */
  static async open(stackName: string): Promise<Account> {
    // What the SDK says about Node 20 is for those who build on it; here it would stand before the verdict.
    process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
    const { client } = await loaders.CloudFormation();
    try {
      return new Account(await client.config.region(), stackName);
    } catch (error) {
      throw new StackError(
        'No AWS region is set. Name the one that the stack is in: AWS_REGION=eu-west-1, or `aws configure set region eu-west-1`.',
        { cause: error },
      );
    } finally {
      client.destroy();
    }
  }

  /**
   * Makes one request, or the pages of one.
   * @param action as the service calls it: `DescribeDBInstances`
   * @throws {StackError}
   */
  async ask<S extends Service, T>(
    service: S,
    action: string,
    send: (loaded: Loaded<S>) => Promise<T>,
  ): Promise<T> {
    const loaded = (this.#loaded.get(service) ?? loaders[service]()) as Promise<Loaded<S>>;
    this.#loaded.set(service, loaded);
    try {
      return await send(await loaded);
    } catch (error) {
      throw stackError(error, { service, action, stackName: this.#stackName, region: this.region });
    }
  }

  /** The same, of something that may be gone: undefined when the service does not know it. */
  async find<S extends Service, T>(
    service: S,
    action: string,
    send: (loaded: Loaded<S>) => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await this.ask(service, action, send);
    } catch (error) {
      // DBInstanceNotFoundFault, ReplicationGroupNotFoundFault, ...
      if (error instanceof StackError && isNotFound(error.cause)) return undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    for (const loaded of this.#loaded.values()) (await loaded).client.destroy();
    this.#loaded.clear();
  }
}

function isNotFound(thrown: unknown): boolean {
  return thrown instanceof Error && /NotFound(?:Fault)?$/.test(thrown.name);
}
