import type { StackModel } from '../template/stack-model.ts';
import { isValues, type Values } from '../template/template.ts';
import type { DeployedResource } from './read-stack.ts';

/** The model makes names up for what a template only refers to; AWS has made others. */
export interface Names {
  /** Properties with the account's names in place of the model's. */
  readonly inAccount: (properties: Values) => Values;
  /** And back. */
  readonly inModel: (properties: Values) => Values;
}

/** Properties that name another resource of the stack. In any other, a text that is somebody's name by chance is left alone. */
const naming = new Set([
  'CacheParameterGroupName',
  'CacheSubnetGroupName',
  'DBParameterGroupName',
  'DBSubnetGroupName',
  'SecurityGroupIds',
  'SubnetIds',
  'UserGroupId',
  'UserGroupIds',
  'UserIds',
  'VPCSecurityGroups',
]);

export function namesOf(model: StackModel, resources: readonly DeployedResource[]): Names {
  const pairs = model.resources.flatMap(({ id, ref }) => {
    const name = resources.find((resource) => resource.id === id)?.name;
    return name ? [[ref, name] as const] : [];
  });
  // RDS and ElastiCache keep names in lower case.
  const inAccount = new Map(pairs.map(([ref, name]) => [ref.toLowerCase(), name]));
  const inModel = new Map(pairs.map(([ref, name]) => [name.toLowerCase(), ref]));
  return {
    inAccount: (properties) => renamed(properties, inAccount),
    inModel: (properties) => renamed(properties, inModel),
  };
}

function renamed(properties: Values, names: ReadonlyMap<string, string>): Values {
  const rename = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rename);
    return typeof value === 'string' ? (names.get(value.toLowerCase()) ?? value) : value;
  };
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [
      key,
      naming.has(key) && !isValues(value) ? rename(value) : value,
    ]),
  );
}
