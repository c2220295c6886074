import { named, resourcesOf, type Resource, type StackModel } from './stack-model.ts';
import { isValues, listOf, textOf, valuesOf, type Values } from './template.ts';

/** A statement of a policy that stands anywhere in the template. */
export interface Statement {
  /** The id of the resource that it is written in. */
  readonly where: string;
  readonly allows: boolean;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** It names all actions, or resources, but some. */
  readonly inverted: boolean;
  /** Whom a resource lets in; undefined in a policy of an identity. */
  readonly principal?: unknown;
  readonly conditional: boolean;
}

/** Every statement in the template: a policy is told by its `Statement`, so no kind of resource is left out. */
export function statementsOf(model: StackModel): readonly Statement[] {
  return model.resources.flatMap((resource) => statementsIn(resource.id, resource.properties));
}

/** What a role may do: its own policies, and those that name it. */
export function statementsOfRole(model: StackModel, role: Resource): readonly Statement[] {
  const attached = resourcesOf(
    model,
    'AWS::IAM::Policy',
    'AWS::IAM::RolePolicy',
    'AWS::IAM::ManagedPolicy',
  ).filter(
    ({ ref, properties }) =>
      [...listOf(properties['Roles']), properties['RoleName']].map(textOf).includes(role.ref) ||
      listOf(role.properties['ManagedPolicyArns']).map(textOf).includes(ref),
  );
  return [
    ...attached.map(({ id, properties }) => [id, properties] as const),
    [role.id, { Policies: role.properties['Policies'] }] as const,
  ].flatMap(([id, properties]) => statementsIn(id, properties));
}

/** The roles of an instance, through its instance profile. */
export function rolesOf(model: StackModel, launch: Values): readonly Resource[] {
  const { IamInstanceProfile } = launch;
  const { Name, Arn } = valuesOf(IamInstanceProfile);
  const wanted = [IamInstanceProfile, Name, Arn].map(textOf);
  return resourcesOf(model, 'AWS::IAM::InstanceProfile')
    .filter(
      ({ id, ref }) =>
        wanted.includes(ref) || wanted.some((name) => name.endsWith(`/${id}`) || name === `${id}.Arn`),
    )
    .flatMap(({ properties }) => listOf(properties['Roles']))
    .flatMap((role) => named(model, role, 'AWS::IAM::Role') ?? []);
}

/** Does one of these allow an action on a resource, as IAM matches them? */
export function allows(statements: readonly Statement[], action: string, resource: string): boolean {
  const about = statements.filter(
    (statement) =>
      !statement.inverted &&
      statement.actions.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
      statement.resources.some((pattern) => matches(pattern, resource)),
  );
  return (
    about.some((statement) => statement.allows) &&
    !about.some((statement) => !statement.allows && !statement.conditional)
  );
}

function matches(pattern: string, text: string): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text);
}

function statementsIn(where: string, value: unknown): readonly Statement[] {
  if (Array.isArray(value)) return value.flatMap((item) => statementsIn(where, item));
  if (!isValues(value)) return [];
  const own = listOf(value['Statement'])
    .filter(isValues)
    .filter(({ Effect }) => Effect !== undefined)
    .map((statement) => statementOf(where, statement));
  return [...own, ...Object.values(value).flatMap((item) => statementsIn(where, item))];
}

function statementOf(where: string, written: Values): Statement {
  const { Effect, Action, NotAction, Resource, NotResource, Principal, Condition } = written;
  return {
    where,
    allows: Effect === 'Allow',
    actions: listOf(Action).map(textOf),
    resources: listOf(Resource).map(textOf),
    inverted: NotAction !== undefined || NotResource !== undefined,
    ...(Principal === undefined ? {} : { principal: Principal }),
    conditional: Condition !== undefined,
  };
}
