/** A template of CloudFormation, as far as the picture reads it. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export type Named = Resource & { readonly id: string };

/** The resources of a type (`EC2::Subnet`), in the template's order. */
export function ofType(template: Template, type: string): readonly Named[] {
  return Object.entries(template.Resources).flatMap(([id, resource]) =>
    resource.Type === `AWS::${type}` ? [{ id, ...resource }] : [],
  );
}

/** A property as text; '' where there is none. */
export function text(resource: Resource | undefined, name: string): string {
  const value = resource?.Properties?.[name];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

/** Whether a resource, or a part of one, names another. */
export function refersTo(part: unknown, id: string): boolean {
  const json = JSON.stringify(part) ?? '';
  return json.includes(`{"Ref":"${id}"}`) || json.includes(`{"Fn::GetAtt":["${id}",`);
}
