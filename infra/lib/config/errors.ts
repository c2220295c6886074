/** Something that is wrong with one property of a deployment's configuration. */
export interface ConfigProblem {
  /** The property, by its whole name, such as `cache.shards`. */
  readonly name: string;
  /** What to write, as the rest of a sentence that begins with the name: "must be …". */
  readonly problem: string;
}

/** A configuration that cannot be deployed. `message` has a line for each wrong property, beginning with its name. */
export class InfraConfigError extends Error {
  override name = 'InfraConfigError';
  /** The wrong properties, each once. */
  readonly properties: readonly string[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(({ name, problem }) => `${name} ${problem}.`).join('\n'));
    this.properties = [...new Set(problems.map(({ name }) => name))];
  }
}

/** Throws `InfraConfigError` if there are any. */
export function expectNone(problems: readonly ConfigProblem[]): void {
  if (problems.length > 0) throw new InfraConfigError(problems);
}
