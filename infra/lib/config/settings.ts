import { z } from 'zod';
import { rangeProblem } from './cidr.ts';
import type { InfraConfig } from './config.ts';
import type { Given } from './context.ts';
import type { ConfigProblem } from './errors.ts';
import type { MachineUse } from './machine-types.ts';
import { findMachine, noSuchMachine } from './machine-types.ts';

/** The most shards that ElastiCache gives a cluster. */
export const MOST_SHARDS = 500;
/** Beside each primary, by ElastiCache's limit. */
export const MOST_REPLICAS = 5;

/** Each setting by itself. What they must be together stands in `together.ts`. */
const SETTINGS = z.object({
  profile: oneOf('workshop', 'production', 'serverless'),
  stackName: text(
    /^[A-Za-z](?:-?[A-Za-z0-9]){0,63}$/,
    'must be 1 to 64 letters, digits and single hyphens, beginning with a letter, such as CachingWorkshop',
  ),
  network: z.object({ zones: zones(), flowLogs: flag() }),
  database: z.object({
    instanceType: machine('database'),
    // RDS's least and most for gp3 and MySQL.
    storageGiB: whole(20, 65_536),
    multiAz: flag(),
    readReplica: flag(),
    rotation: flag(),
    backupDays: whole(0, 35),
    keepData: flag(),
  }),
  cache: z.object({
    engine: oneOf('valkey', 'redis'),
    mode: oneOf('node', 'replicated', 'cluster', 'serverless'),
    nodeType: machine('cache'),
    replicas: whole(0, MOST_REPLICAS),
    shards: whole(1, MOST_SHARDS),
    snapshotDays: whole(0, 35),
    maxGb: whole(1, 5_000),
    maxEcpuPerSecond: whole(1_000, 15_000_000),
  }),
  web: z.object({
    kind: oneOf('server', 'fleet'),
    instanceType: machine('server'),
    least: whole(1, 20),
    most: whole(1, 20),
    certificateArn: text(
      /^arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/,
      'must be the ARN of a certificate in Certificate Manager, arn:aws:acm:REGION:ACCOUNT:certificate/ID',
    ).optional(),
  }),
  access: z.object({ visitors: range().optional(), everyone: flag() }),
  alarmEmail: email().optional(),
  budget: z.object({ usd: amount(), email: email() }).optional(),
  destroyAfterHours: whole(1, 168).optional(),
}) satisfies z.ZodType<InfraConfig>;

/** Groups of settings: what stands before the point of their names. */
export const GROUPS: readonly string[] = Object.entries(SETTINGS.shape).flatMap(([name, schema]) =>
  membersOf(schema).length > 0 ? [name] : [],
);

/** All settings, by their whole names. */
export const SETTING_NAMES: readonly string[] = Object.entries(SETTINGS.shape).flatMap(([name, schema]) => {
  const members = membersOf(schema);
  return members.length > 0 ? members.map((member) => `${name}.${member}`) : [name];
});

/** Puts what is given over the defaults. Where there are problems, `config` is not to be used. */
export function parseSettings(
  given: Given,
  defaults: InfraConfig,
): { readonly config: InfraConfig; readonly problems: readonly ConfigProblem[] } {
  const merged: Record<string, unknown> = structuredClone({ ...defaults });
  for (const [name, value] of given) {
    const [group = '', member] = name.split('.');
    if (member === undefined) merged[group] = value;
    else merged[group] = { ...(merged[group] as object | undefined), [member]: value };
  }
  const parsed = SETTINGS.safeParse(merged);
  if (parsed.success) return { config: parsed.data, problems: [] };
  const problems = parsed.error.issues.map(({ path, message }) => ({
    name: path.join('.'),
    problem: message,
  }));
  return { config: defaults, problems };
}

function membersOf(schema: z.ZodType): readonly string[] {
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

/** A message that ends in what was given. */
function not(problem: string) {
  return ({ input }: { readonly input?: unknown }) =>
    input === undefined ? problem : `${problem}, not ${JSON.stringify(input)}`;
}

function oneOf<const T extends readonly string[]>(...values: T) {
  return z.enum(values, { error: not(`must be one of ${values.join(', ')}`) });
}

function text(pattern: RegExp, problem: string) {
  const error = not(problem);
  return z.string({ error }).regex(pattern, { error });
}

function email() {
  return z.email({ error: not('must be an e-mail address') });
}

/** Context from a command line is text, from a file JSON. */
function fromText<T extends z.ZodType>(read: (text: string) => unknown, schema: T) {
  return z.preprocess((value) => (typeof value === 'string' ? read(value) : value), schema);
}

function number(value: string): unknown {
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

function whole(least: number, most: number) {
  const error = not(`must be a whole number from ${least} to ${most}`);
  return fromText(number, z.int({ error }).min(least, { error }).max(most, { error }));
}

function amount() {
  const error = not('must be an amount in US dollars, from 1 to 1000000');
  return fromText(number, z.number({ error }).min(1, { error }).max(1_000_000, { error }));
}

function zones() {
  return fromText(number, z.literal([2, 3], { error: not('must be 2 or 3') }));
}

function flag() {
  const read = (value: string) => ({ true: true, false: false })[value] ?? value;
  return fromText(read, z.boolean({ error: not('must be true or false') }));
}

function machine(use: MachineUse) {
  return z
    .string({ error: not('must be a text such as t4g.micro') })
    .refine((type) => findMachine(use, type) !== undefined, {
      error: ({ input }) => noSuchMachine(use, String(input)),
    });
}

function range() {
  return z
    .string({ error: not('must be an IPv4 range such as 203.0.113.7/32') })
    .refine((value) => rangeProblem(value) === undefined, {
      error: ({ input }) => rangeProblem(String(input)) ?? '',
    });
}
