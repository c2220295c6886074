import type { Subject } from '../checks/lab-check.ts';
import { placeOf } from '../template/physical.ts';
import { modelOf, type Resource, type StackModel } from '../template/stack-model.ts';
import { Account } from './account.ts';
import { namesOf, type Names } from './names.ts';
import { readCaches } from './read-cache.ts';
import { readDatabases } from './read-database.ts';
import { readStack, type DeployedStack } from './read-stack.ts';
import type { Seen } from './seen.ts';

/** What there is to judge of a stack in an account. */
export interface Deployment {
  readonly stack: DeployedStack;
  /** As its template says. */
  readonly written: Subject;
  /** The same, with what RDS and ElastiCache say of it in place of what the template does. */
  readonly runs: Subject;
  readonly seen: readonly Seen[];
  readonly names: Names;
}

/** The widest range of addresses that may have the site open: 65,536 of them. */
const narrowestPrefix = 16;

/** Reads, and changes nothing. Region and credentials are found as AWS's command line finds them. @throws {StackError} */
export async function readDeployment(stackName: string): Promise<Deployment> {
  const account = await Account.open(stackName);
  try {
    const stack = await readStack(account, stackName);
    const model = modelOf(stack.template, placeOf(stack.stackId), stack.parameters);
    const seen = [...(await readDatabases(account, stack, model)), ...(await readCaches(account, stack))];
    const names = namesOf(model, stack.resources);
    return {
      stack,
      written: { ...model, welcome },
      runs: { ...model, resources: resourcesAsSeen(model, seen, names), welcome },
      seen,
      names,
    };
  } finally {
    await account.close();
  }
}

/** Who the visitors are is not known here; that they are not everybody is. */
function welcome(cidr: string): boolean {
  const prefix = /^\d+\.\d+\.\d+\.\d+\/(\d+)$/.exec(cidr)?.[1];
  return prefix !== undefined && Number(prefix) >= narrowestPrefix;
}

function resourcesAsSeen(
  { resources }: StackModel,
  seen: readonly Seen[],
  { inModel }: Names,
): readonly Resource[] {
  return resources.map((resource) => {
    const its = seen.find(({ id }) => id === resource.id);
    if (!its) return resource;
    return {
      ...resource,
      properties: { ...resource.properties, ...inModel(its.properties) },
      attribute: (name) => its.attributes?.[name] ?? resource.attribute(name),
    };
  });
}
