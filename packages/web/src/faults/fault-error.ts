/** Redis could not be broken, or not mended. `title` says what in a few words, `message` why and what to do. */
export class FaultError extends Error {
  override name = 'FaultError';
  readonly title: string;
  /** Of the answer: 409 when it may not be done now, 500 when it failed. */
  readonly status: 409 | 500;

  constructor(status: 409 | 500, title: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.title = title;
  }
}
