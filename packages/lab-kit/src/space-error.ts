/** A run could not be given a space of its own. The message says what to do. */
export class SpaceError extends Error {
  override name = 'SpaceError';
}
