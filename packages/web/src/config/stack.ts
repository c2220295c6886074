import type { Stack } from '@aws-sdk/client-cloudformation';
import { describeStack } from './aws.ts';
import { readOutputsFile } from './outputs-file.ts';
import type { Secret } from './secret.ts';
import { readMysqlSecret, readRedisSecret } from './secret.ts';
import type { SettingTexts } from './settings.ts';
import { REDIS_MODES } from './settings.ts';
import { StackError } from './stack-error.ts';
import type { StackOutput } from './stack-outputs.ts';
import { STACK_OUTPUTS } from './stack-outputs.ts';
import { userInfo } from './urls.ts';

/** What a stack says, as settings, and the secrets whose content is in the URLs. */
export interface StackSettings {
  readonly texts: SettingTexts;
  readonly mysqlSecret?: Secret;
  readonly redisSecret?: Secret;
}

export interface StackWanted {
  readonly mysql: boolean;
  readonly redis: boolean;
  /** Where the outputs stand that CloudFormation does not tell while it changes the stack. @default nowhere */
  readonly outputsFile?: string | undefined;
  readonly limitMs?: number | undefined;
}

const DATABASE = 'workshop';

/** Reads what is wanted of a stack, and asks for no more. Throws `StackError`. */
export async function readStack(stackName: string, wanted: StackWanted): Promise<StackSettings> {
  const stack = await describeStack(stackName, wanted.limitMs);
  const outputs = new Outputs(stackName, await outputsOf(stackName, stack, wanted.outputsFile));
  const [mysql, redis] = await Promise.all([
    wanted.mysql ? mysqlOf(outputs, wanted.limitMs) : undefined,
    wanted.redis ? redisOf(outputs, wanted.limitMs) : undefined,
  ]);
  return { ...mysql, ...redis, texts: { ...mysql?.texts, ...redis?.texts } };
}

/** RDS: always encrypted, its certificate checked. */
async function mysqlOf(outputs: Outputs, limitMs?: number): Promise<StackSettings> {
  const endpoint = outputs.endpoint('mysqlEndpoint');
  const name = outputs.get('mysqlSecret');
  const secret = await readMysqlSecret(name, limitMs);
  const port = endpoint.port ?? secret.port ?? 3306;
  const database = encodeURIComponent(secret.database ?? DATABASE);
  return {
    texts: {
      MYSQL_URL: `mysql://${userInfo(secret.credentials)}${endpoint.host}:${port}/${database}`,
      MYSQL_TLS: 'verify',
    },
    mysqlSecret: { name, read: async () => (await readMysqlSecret(name, limitMs)).credentials },
  };
}

/** ElastiCache: always encrypted; with a password where the stack names a secret. */
async function redisOf(outputs: Outputs, limitMs?: number): Promise<StackSettings> {
  const { host, port = 6379 } = outputs.endpoint('redisEndpoint');
  const mode = outputs.find('redisMode') ?? 'node';
  if (!REDIS_MODES.some((known) => known === mode)) {
    throw outputs.wrong('redisMode', `it should be one of ${REDIS_MODES.join(', ')}`);
  }
  const name = outputs.find('redisSecret');
  const credentials = name === undefined ? undefined : await readRedisSecret(name, limitMs);
  return {
    texts: {
      REDIS_URL: `rediss://${credentials === undefined ? '' : userInfo(credentials)}${host}:${port}/0`,
      REDIS_MODE: mode,
    },
    ...(name !== undefined && { redisSecret: { name, read: () => readRedisSecret(name, limitMs) } }),
  };
}

/**
 * A server of the stack itself starts while the stack is made or changed, and then CloudFormation has no outputs yet, or the old ones:
 * what was written down for the server when it was made is newer.
 */
async function outputsOf(
  stackName: string,
  stack: Stack,
  file: string | undefined,
): Promise<ReadonlyMap<string, string>> {
  const isBeingChanged = /^(CREATE|UPDATE)_(.*_)?IN_PROGRESS$/.test(stack.StackStatus ?? '');
  if (isBeingChanged && file !== undefined) return await readOutputsFile(file, stack.StackName ?? stackName);
  expectReady(stackName, stack);
  return new Map(
    (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  );
}

/**
 * A stack that was never finished has no outputs, or those of parts that are gone. One that is being updated, or could not
 * be, still has those of what runs.
 */
function expectReady(stackName: string, { StackStatus: status, StackStatusReason: reason }: Stack): void {
  const isFirst = status === 'CREATE_IN_PROGRESS' || status === 'REVIEW_IN_PROGRESS';
  if (isFirst) {
    throw new StackError(
      'stack-not-ready',
      `The stack ${stackName} is still being made (${status}). Start the demo again when "cdk deploy" has returned.`,
    );
  }
  if (status === undefined || /^(DELETE|ROLLBACK)_|^CREATE_FAILED$/.test(status)) {
    throw new StackError(
      'stack-not-ready',
      `The stack ${stackName} is not there to be used: its status is ${status}${reason ? ` (${reason})` : ''}. Deploy it again; its events in the CloudFormation console name what failed first.`,
    );
  }
}

/** A stack's outputs, by our names for them. */
class Outputs {
  readonly #stackName: string;
  readonly #values: ReadonlyMap<string, string>;

  constructor(stackName: string, values: ReadonlyMap<string, string>) {
    this.#stackName = stackName;
    this.#values = new Map([...values].map(([key, value]) => [key.toLowerCase(), value]));
  }

  find(output: StackOutput): string | undefined {
    return this.#values.get(STACK_OUTPUTS[output].key) || undefined;
  }

  get(output: StackOutput): string {
    const value = this.find(output);
    if (value !== undefined) return value;
    throw new StackError(
      'no-output',
      `The stack ${this.#stackName} has no output ${STACK_OUTPUTS[output].key}; it has: ${[...this.#values.keys()].join(', ') || 'none'}. Is it the workshop's stack? Deploy it again from infra/.`,
    );
  }

  endpoint(output: StackOutput): { readonly host: string; readonly port: number | undefined } {
    const [, host, port] = /^([\w-]+(?:\.[\w-]+)*)(?::(\d{1,5}))?$/.exec(this.get(output)) ?? [];
    if (host === undefined) throw this.wrong(output, 'it should be an address, or address:port');
    return { host, port: port === undefined ? undefined : Number(port) };
  }

  wrong(output: StackOutput, expected: string): StackError {
    return new StackError(
      'bad-output',
      `The output ${STACK_OUTPUTS[output].key} of the stack ${this.#stackName} is ${JSON.stringify(this.find(output))}; ${expected}.`,
    );
  }
}
