import { InfraConfigError } from './errors.ts';

/** What AWS rents out, as far as this stack offers it. From AWS's pages of instance classes and node types, read in 2026. */

export interface Machine {
  readonly vCpus: number;
  /** As the machine has it. An engine's service keeps a part for itself. */
  readonly memoryGiB: number;
  /** Of the `t` families: it may use its processors in full only for a time. */
  readonly isBurstable: boolean;
}

const BURSTABLE: Readonly<Record<string, Machine>> = {
  micro: { vCpus: 2, memoryGiB: 1, isBurstable: true },
  small: { vCpus: 2, memoryGiB: 2, isBurstable: true },
  medium: { vCpus: 2, memoryGiB: 4, isBurstable: true },
  large: { vCpus: 2, memoryGiB: 8, isBurstable: true },
  xlarge: { vCpus: 4, memoryGiB: 16, isBurstable: true },
  '2xlarge': { vCpus: 8, memoryGiB: 32, isBurstable: true },
};
const VCPUS: Readonly<Record<string, number>> = {
  medium: 1,
  large: 2,
  xlarge: 4,
  '2xlarge': 8,
  '4xlarge': 16,
  '8xlarge': 32,
  '12xlarge': 48,
  '16xlarge': 64,
  '24xlarge': 96,
};
/** Gibibytes for each vCPU, by the first letter of the family. */
const MEMORY: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8 };

type Families = Readonly<Record<string, string>>;

const T_CACHE = 'micro small medium';
const T_ALL = `${T_CACHE} large xlarge 2xlarge`;
const GRAVITON = 'large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge';
const INTEL_5 = 'large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge';
const INTEL_5_CACHE = 'large xlarge 2xlarge 4xlarge 12xlarge 24xlarge';

/** Classes that RDS has for MySQL 8.4. */
const DATABASE: Families = {
  t3: T_ALL,
  t4g: T_ALL,
  m5: INTEL_5,
  m6g: GRAVITON,
  m7g: GRAVITON,
  r5: INTEL_5,
  r6g: GRAVITON,
  r7g: GRAVITON,
};
/** Node types that ElastiCache has for Valkey 8 and Redis OSS 7. */
const CACHE: Families = {
  t3: T_CACHE,
  t4g: T_CACHE,
  m5: INTEL_5_CACHE,
  m6g: GRAVITON,
  m7g: GRAVITON,
  r5: INTEL_5_CACHE,
  r6g: GRAVITON,
  r7g: GRAVITON,
};
/** EC2's with arm64 processors, which is what the server's image is made for. */
const SERVER: Families = {
  t4g: T_ALL,
  c6g: `medium ${GRAVITON}`,
  c7g: `medium ${GRAVITON}`,
  m6g: `medium ${GRAVITON}`,
  m7g: `medium ${GRAVITON}`,
  r6g: `medium ${GRAVITON}`,
  r7g: `medium ${GRAVITON}`,
};

const FAMILIES = { database: DATABASE, cache: CACHE, server: SERVER } as const;
const PREFIXES = { database: 'db.', cache: 'cache.', server: '' } as const;

export type MachineUse = keyof typeof FAMILIES;

/** Undefined for what the service does not have. `type` without the service's prefix: `t4g.micro`. */
export function findMachine(use: MachineUse, type: string): Machine | undefined {
  const [family = '', size = '', ...more] = type.split('.');
  const families = FAMILIES[use];
  if (!Object.hasOwn(families, family) || more.length > 0) return undefined;
  if (!families[family]?.split(' ').includes(size)) return undefined;
  if (family.startsWith('t')) return BURSTABLE[size];
  const vCpus = VCPUS[size] ?? 0;
  return { vCpus, memoryGiB: vCpus * (MEMORY[family.charAt(0)] ?? 0), isBurstable: false };
}

/** As `findMachine`, and throws `InfraConfigError` with the name of the property that holds the type. */
export function machineOf(use: MachineUse, name: string, type: string): Machine {
  const machine = findMachine(use, type);
  if (machine !== undefined) return machine;
  throw new InfraConfigError([{ name, problem: noSuchMachine(use, type) }]);
}

/** What is wrong with a type that `findMachine` does not know, as the rest of a sentence. */
export function noSuchMachine(use: MachineUse, type: string): string {
  const families = FAMILIES[use];
  const [family = ''] = type.split('.');
  const prefix = PREFIXES[use];
  if (prefix !== '' && type.startsWith(prefix)) {
    return `must be without "${prefix}": ${type.slice(prefix.length)}, not ${JSON.stringify(type)}`;
  }
  if (Object.hasOwn(families, family)) {
    return `must have a size that the family ${family} has (${families[family]?.replaceAll(' ', ', ')}), not ${JSON.stringify(type)}`;
  }
  return `must be of one of the families ${Object.keys(families).join(', ')}, such as ${use === 'server' ? 't4g.small' : 't4g.micro'}, not ${JSON.stringify(type)}`;
}
