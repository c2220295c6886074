import { attributeOf, physicalOf, type Physical, type Place } from './physical.ts';
import { isValues, listOf, textOf, valuesOf, type Template, type Values } from './template.ts';

const nothing = Symbol('AWS::NoValue');

/**
 * Evaluates what a template computes, with made-up names for what AWS would make. Then it does not matter in how many ways
 * the same can be written: a name taken out of an ARN by Split and Select is equal to the name.
 */
export class Evaluation {
  /** What CloudFormation would refuse, in words. */
  readonly problems = new Set<string>();
  readonly #template: Template;
  readonly #place: Place;
  readonly #parameters: Values;
  readonly #properties = new Map<string, Values>();
  readonly #underWay = new Set<string>();

  /** @param parameters values that a deployed stack was given; else the defaults count */
  constructor(template: Template, place: Place, parameters: Values = {}) {
    this.#template = template;
    this.#place = place;
    this.#parameters = parameters;
  }

  /** A resource's properties, evaluated. */
  properties(id: string): Values {
    const done = this.#properties.get(id);
    if (done) return done;
    // A resource that asks for itself, such as a group that lets in its own members, is known by its id alone.
    if (this.#underWay.has(id)) return {};
    this.#underWay.add(id);
    const properties = valuesOf(this.value(this.#template.Resources?.[id]?.Properties ?? {}));
    this.#underWay.delete(id);
    this.#properties.set(id, properties);
    return properties;
  }

  /** What a resource is called; undefined when there is none. */
  physical(id: string): Physical | undefined {
    const type = this.#template.Resources?.[id]?.Type;
    return type === undefined ? undefined : physicalOf(this.#place, type, id, this.properties(id));
  }

  value(written: unknown): unknown {
    const value = this.#evaluate(written);
    return value === nothing ? undefined : value;
  }

  holds(condition: string | undefined): boolean {
    if (condition === undefined) return true;
    return this.value(this.#template.Conditions?.[condition]) === true;
  }

  #evaluate(written: unknown): unknown {
    if (Array.isArray(written)) {
      return written.map((item) => this.#evaluate(item)).filter((item) => item !== nothing);
    }
    if (!isValues(written)) return written;
    const [[name, argument] = [''], ...others] = Object.entries(written);
    if (others.length === 0 && (name === 'Ref' || name === 'Condition' || name.startsWith('Fn::'))) {
      return this.#function(name, argument);
    }
    return Object.fromEntries(
      Object.entries(written)
        .map(([key, value]) => [key, this.#evaluate(value)] as const)
        .filter(([, value]) => value !== nothing),
    );
  }

  #function(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return this.#ref(textOf(argument));
      case 'Condition':
        return typeof argument === 'string' ? this.holds(argument) : { Condition: this.#evaluate(argument) };
      case 'Fn::GetAtt':
        return this.#attribute(
          Array.isArray(argument)
            ? argument.map((part) => textOf(this.#evaluate(part)))
            : textOf(argument).split(/\.(.*)/s),
        );
      case 'Fn::Sub':
        return this.#sub(argument);
      case 'Fn::If': {
        const [condition, then, otherwise] = listOf(argument);
        return this.#evaluate(this.holds(textOf(condition)) ? then : otherwise);
      }
    }
    const value = this.#evaluate(argument);
    const list = listOf(value);
    switch (name) {
      case 'Fn::Join':
        return listOf(list[1]).map(textOf).join(textOf(list[0]));
      case 'Fn::Split':
        return textOf(list[1]).split(textOf(list[0]));
      case 'Fn::Select':
        return listOf(list[1])[Number(list[0])];
      case 'Fn::Base64':
        return value;
      case 'Fn::GetAZs':
        return ['a', 'b', 'c'].map((zone) => `${this.#place['AWS::Region']}${zone}`);
      case 'Fn::FindInMap':
        return this.#template.Mappings?.[textOf(list[0])]?.[textOf(list[1])]?.[textOf(list[2])];
      case 'Fn::Equals':
        return textOf(list[0]) === textOf(list[1]);
      case 'Fn::Not':
        return list[0] !== true;
      case 'Fn::And':
        return list.every((item) => item === true);
      case 'Fn::Or':
        return list.some((item) => item === true);
      default:
        // Fn::ImportValue, Fn::Cidr and the like: what comes of it is not in the template.
        return { [name]: value };
    }
  }

  #ref(name: string): unknown {
    if (name === 'AWS::NoValue') return nothing;
    if (name.startsWith('AWS::')) return this.#place[name as keyof Place] ?? name;
    const parameter = this.#template.Parameters?.[name];
    if (parameter) return this.#parameters[name] ?? parameter.Default ?? '';
    const physical = this.physical(name);
    if (physical) return physical.ref;
    this.problems.add(`it refers to ${name}, which is not in it`);
    return `?${name}`;
  }

  #attribute([id = '', ...rest]: readonly string[]): unknown {
    const name = rest.join('.').replace(/\.$/, '');
    const physical = this.physical(id);
    if (!physical) {
      this.problems.add(`it refers to ${id}, which is not in it`);
      return `?${id}`;
    }
    const value = attributeOf(physical, id, name);
    if (value === undefined) {
      this.problems.add(`${this.#template.Resources?.[id]?.Type} has no attribute ${name}`);
    }
    return value ?? `?${id}.${name}`;
  }

  #sub(argument: unknown): string {
    const [text, given] = listOf(argument);
    const variables = valuesOf(this.#evaluate(given ?? {}));
    return textOf(text).replaceAll(/\$\{(!?)([^}]+)\}/g, (_all, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (name in variables) return textOf(variables[name]);
      return textOf(name.includes('.') ? this.#attribute(name.split(/\.(.*)/s)) : this.#ref(name));
    });
  }
}
