/** Everything this package throws or reports is one of these, so that one `instanceof` tells it from a loader's own error. */
export class CacheError extends Error {
  override name = 'CacheError';
}

/** An option or argument that cannot work. Thrown where it is given, never later. */
export class CacheOptionError extends CacheError {
  override name = 'CacheOptionError';
  readonly option: string;
  readonly value: unknown;

  constructor(option: string, value: unknown, needed: string) {
    super(`${option} must be ${needed}, but is ${show(value)}.`);
    this.option = option;
    this.value = value;
  }
}

/** The cache was asked for something after `close()`. */
export class CacheClosedError extends CacheError {
  override name = 'CacheClosedError';

  constructor(operation: string) {
    super(`The cache is closed, so ${operation} cannot run. Call close() last, once nothing reads any more.`);
  }
}

/** A value that would not come back as it went in. `path` leads to the part that is at fault, outermost first. */
export class CacheEncodeError extends CacheError {
  override name = 'CacheEncodeError';
  readonly path: (string | number)[] = [];
  readonly #what: string;

  constructor(what: string, options?: ErrorOptions) {
    super('', options);
    this.#what = what;
    this.message = this.#describe();
  }

  /** Called once a level while the error leaves a nested value, so that reading a good value costs no path. */
  within(key: string | number): this {
    this.path.unshift(key);
    this.message = this.#describe();
    return this;
  }

  #describe(): string {
    const where = this.path.length === 0 ? 'The value' : `The value at ${this.path.join('.')}`;
    return `${where} is ${this.#what}, which the codec cannot store and give back unchanged. Cache plain data instead.`;
  }
}

/** Bytes in Redis that the codec does not know. A read treats them as a miss. */
export class CacheDecodeError extends CacheError {
  override name = 'CacheDecodeError';
}

/** A value in Redis that the caller's schema refuses. A read treats it as a miss. `issues` are the schema's own. */
export class CacheInvalidError extends CacheError {
  override name = 'CacheInvalidError';
  readonly issues: readonly { readonly message: string }[];

  constructor(key: string, issues: readonly { readonly message: string }[]) {
    super(
      `The value stored at ${key} does not pass its schema: ${issues.map(({ message }) => message).join('; ')}`,
    );
    this.issues = issues;
  }
}

/** `timeout`: no reply in time. `unavailable`: no connection to ask. `reply`: Redis answered with an error. */
export type RedisFault = 'timeout' | 'unavailable' | 'reply';

/** Redis did not do what was asked. Reads survive it; it is counted and handed to `onError`. */
export class CacheRedisError extends CacheError {
  override name = 'CacheRedisError';
  readonly fault: RedisFault;
  readonly command: string;

  constructor(fault: RedisFault, command: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
    this.command = command;
  }
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return String(value);
}
