import type { Template } from 'aws-cdk-lib/assertions';

export interface Statement {
  /** The resource of the template in which it stands. */
  readonly at: string;
  readonly actions: readonly string[];
  /** As JSON, references and all. */
  readonly resources: readonly string[];
  readonly effect: string;
  readonly principal: unknown;
}

/** Every statement of every policy in the template: of roles, of buckets, of topics. Trust policies are not among them. */
export function statementsOf(template: Template): readonly Statement[] {
  const { Resources } = template.toJSON() as {
    readonly Resources: Readonly<Record<string, { readonly Properties?: Readonly<Record<string, unknown>> }>>;
  };
  return Object.entries(Resources).flatMap(([at, { Properties = {} }]) => {
    const inline = list(Properties['Policies']).map((policy) => (policy as Holder).PolicyDocument);
    return [Properties['PolicyDocument'], ...inline].flatMap((document) =>
      list((document as Document | undefined)?.Statement).map((statement) => read(at, statement as Raw)),
    );
  });
}

interface Holder {
  readonly PolicyDocument: unknown;
}
interface Document {
  readonly Statement?: unknown;
}
interface Raw {
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
}

function read(at: string, { Effect, Action = [], Resource = [], Principal }: Raw): Statement {
  const resources = Array.isArray(Resource) ? (Resource as readonly unknown[]) : [Resource];
  return {
    at,
    actions: typeof Action === 'string' ? [Action] : Action,
    resources: resources.map((resource) =>
      typeof resource === 'string' ? resource : JSON.stringify(resource),
    ),
    effect: Effect,
    principal: Principal,
  };
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
