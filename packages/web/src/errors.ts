import type { Engine } from './article-store.ts';

/**
 * `away`: nobody answers. `slow`: no answer in time. `busy`: too many are asking. `denied`: our user is not let in.
 * `empty`: the engine is there, the data set is not.
 */
export type AwayReason = 'away' | 'slow' | 'busy' | 'denied' | 'empty';

/** An engine that is needed for this answer cannot give it now. */
export class EngineAwayError extends Error {
  override name = 'EngineAwayError';
  readonly engine: Engine;
  readonly reason: AwayReason;

  constructor(engine: Engine, reason: AwayReason, options?: ErrorOptions) {
    super(`${ENGINE_NAMES[engine]} ${REASONS[reason]}.`, options);
    this.engine = engine;
    this.reason = reason;
  }

  /** What the person at the keyboard can do about it. */
  get advice(): string {
    return ADVICE[this.reason].replace('*_URL', this.engine === 'mysql' ? 'MYSQL_URL' : 'REDIS_URL');
  }
}

const ADVICE: Record<AwayReason, string> = {
  away: 'Start it with "npx pnpm services:up", or point *_URL at a server that is up. Then reload this page.',
  slow: 'It may be overloaded or paused. See how it is with "npx pnpm services:status", then reload this page.',
  busy: 'All its connections are in use. Wait a moment, then reload this page.',
  denied: 'Check the user and the password in *_URL, then start the demo again.',
  empty: 'Load the data set with "npm start", then reload this page.',
};

/** A parameter of the request that cannot be used. `message` is a whole sentence that begins with its name. */
export class BadParameterError extends Error {
  override name = 'BadParameterError';
  readonly parameter: string;

  constructor(parameter: string, problem: string) {
    super(`${parameter} ${problem}.`);
    this.parameter = parameter;
  }
}

/** A request that only this site's own pages may make, made from somewhere else. */
export class CrossSiteError extends Error {
  override name = 'CrossSiteError';

  constructor() {
    super('This can only be asked for from a page of this site.');
  }
}

/** A store that is not the demo's own failed, in words that are made for its author. */
export class StoreError extends Error {
  override name = 'StoreError';
}

/** An address that is there, but not for this method. */
export class WrongMethodError extends Error {
  override name = 'WrongMethodError';
  readonly allowed: string;

  constructor(allowed: string) {
    super(`This address answers ${allowed} only.`);
    this.allowed = allowed;
  }
}

export const ENGINE_NAMES: Record<Engine, string> = { mysql: 'MySQL', redis: 'Redis' };

const REASONS: Record<AwayReason, string> = {
  away: 'is not answering',
  slow: 'did not answer in time',
  busy: 'has no connection free',
  denied: 'does not let this demo in',
  empty: 'has no articles table',
};
