import { fit } from './words.ts';

/** A command cannot do what it was asked for. The message says why, and what to do, in lines that fit a terminal. */
export class InfraError extends Error {
  override name = 'InfraError';

  constructor(message: string, options?: ErrorOptions) {
    super(fit(message), options);
  }
}
