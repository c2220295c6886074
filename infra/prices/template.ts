/** As much of a CloudFormation template as a price depends on. */
export interface Template {
  readonly Resources?: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Values;
  readonly DeletionPolicy?: string;
}

export type Values = Readonly<Record<string, unknown>>;

/** Reading what a template may hold anywhere, as text, number or object. None of it throws. */
export function values(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A number, also one that is written as a text: `"20"`. */
export function number(value: unknown): number | undefined {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Whether a flag is set, also as a text: `"true"`. */
export function isSet(value: unknown): boolean {
  return value === true || value === 'true';
}

/** The resource that a reference leads to, also one in the middle of a text: `{Ref}`, `{Fn::GetAtt}`, `{Fn::Join}`. */
export function follow({ Resources = {} }: Template, value: unknown): Resource | undefined {
  for (const name of namesIn(value)) if (Resources[name] !== undefined) return Resources[name];
  return undefined;
}

function namesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  const { Ref: ref, 'Fn::GetAtt': attribute, ...others } = values(value);
  const named = [text(ref), text(list(attribute)[0]) ?? text(attribute)?.split('.')[0]];
  return [...named.filter((name) => name !== undefined), ...Object.values(others).flatMap(namesIn)];
}
