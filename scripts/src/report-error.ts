/**
 * The base classes of errors that are made to be read and stand alone. By name, so that a command does not load the
 * packages that it does not use.
 */
const readable = new Set([
  'AwsError',
  'ConfigError',
  'DatasetError',
  'DemoError',
  'EngineError',
  'FolderError',
  'InfraConfigError',
  'InfraError',
  'Interrupted',
  'ListenError',
  'SpaceError',
  'StackError',
  'UsageError',
]);

/** Prints an error as its reader needs it: one line where it was foreseen, else the whole stack. @returns the exit code */
export function report(error: unknown): number {
  console.error(isReadable(error) ? error.message : error);
  return error instanceof UsageError ? 2 : 1;
}

/** For a command that goes on after it. */
export function messageOf(error: unknown): string {
  if (isReadable(error)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** For what is worth noting, but no reason to stop when it can't be: says so, and goes on. */
export async function noted(noting: Promise<void>): Promise<void> {
  await noting.catch((error: unknown) => console.error(messageOf(error)));
}

function isReadable(error: unknown): error is Error {
  let type: unknown = error instanceof Error ? error.constructor : undefined;
  while (typeof type === 'function') {
    if (readable.has(type.name)) return true;
    type = Object.getPrototypeOf(type);
  }
  return false;
}

/** The command line makes no sense: the message says what would. */
export class UsageError extends Error {
  override name = 'UsageError';
}
