/** One or more settings that cannot work. `message` has a line for each, beginning with its name; it never repeats a value. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly variables: readonly string[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ variable, problem }) => `${variable} ${problem}.`).join('\n'));
    this.variables = problems.map(({ variable }) => variable);
  }
}

export interface Problem {
  readonly variable: string;
  readonly problem: string;
}
