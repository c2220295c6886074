const open = new WeakSet<object>();

/** Takes note that a connection is in a transaction. Gives the way to say that it no longer is. */
export function enterTransaction(connection: object): () => void {
  const core = coreOf(connection);
  open.add(core);
  return () => open.delete(core);
}

/** True for a connection on which `inTransaction` is at work: what it reads may never be committed. */
export function isInTransaction(connection: object): boolean {
  return open.has(coreOf(connection));
}

/** mysql2 wraps one connection in several objects. */
function coreOf(connection: object): object {
  const core: unknown = 'connection' in connection ? connection.connection : undefined;
  return typeof core === 'object' && core !== null ? core : connection;
}
