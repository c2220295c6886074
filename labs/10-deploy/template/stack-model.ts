import { Evaluation } from './evaluate.ts';
import { attributeOf, type Place } from './physical.ts';
import { textOf, valuesOf, type Template, type Values } from './template.ts';

/** A resource that would be made, with its properties evaluated. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Values;
  /** What `Ref` returns for it. */
  readonly ref: string;
  /** What `Fn::GetAtt` returns for it. */
  readonly attribute: (name: string) => string;
}

/** What a template makes, ready to be asked. */
export interface StackModel {
  readonly place: Place;
  readonly resources: readonly Resource[];
  /** Outputs by their names. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Why CloudFormation would refuse the template. */
  readonly problems: readonly string[];
}

/** @param parameters values that a deployed stack was given */
export function modelOf(template: Template, place: Place, parameters?: Values): StackModel {
  const evaluation = new Evaluation(template, place, parameters);
  const resources = Object.entries(template.Resources ?? {})
    .filter(([, resource]) => evaluation.holds(resource.Condition))
    .map(([id, { Type: type }]): Resource => {
      const physical = evaluation.physical(id);
      const attribute = (name: string) => (physical && attributeOf(physical, id, name)) ?? '';
      return { id, type, properties: evaluation.properties(id), ref: physical?.ref ?? id, attribute };
    });
  const outputs = Object.entries(template.Outputs ?? {})
    .filter(([, output]) => evaluation.holds(output.Condition))
    .map(([name, output]) => [name, textOf(evaluation.value(valuesOf(output)['Value']))]);
  return { place, resources, outputs: Object.fromEntries(outputs), problems: [...evaluation.problems] };
}

export function resourcesOf({ resources }: StackModel, ...types: readonly string[]): readonly Resource[] {
  return resources.filter(({ type }) => types.includes(type));
}

/** The resource of these types that a property names, by `Ref` or by the name it was given. */
export function named(model: StackModel, name: unknown, ...types: readonly string[]): Resource | undefined {
  const wanted = textOf(name);
  return resourcesOf(model, ...types).find(({ ref }) => ref === wanted);
}
