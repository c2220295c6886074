import type { Engine } from './store/article-store.ts';
import type { ProblemName } from './http/problems.ts';

/**
 * `away`: nobody answers. `slow`: no answer in time. `busy`: too many are asking. `denied`: our user is not let in.
 * `untrusted`: it cannot prove over TLS who it is. `empty`: the engine is there, the data set is not.
 */
export type AwayReason = 'away' | 'slow' | 'busy' | 'denied' | 'untrusted' | 'empty';

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
  denied:
    'Check the user and the password in *_URL, or in the secret that they come from. The log says more. Then start the demo again.',
  untrusted:
    'Check the authority that its certificate is checked against (MYSQL_CA). The log says more. Then start the demo again.',
  empty: 'Load the data set with "npm start", then reload this page.',
};

/** A request that gets a problem for an answer. `message` is a whole sentence that the client may read. */
export class ProblemError extends Error {
  override name = 'ProblemError';
  readonly problem: ProblemName;
  /** Further members of the JSON problem, which name what the message talks about. */
  readonly members: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    problem: ProblemName,
    message: string,
    { members = {}, headers = {} }: Partial<Pick<ProblemError, 'members' | 'headers'>> = {},
  ) {
    super(message);
    this.problem = problem;
    this.members = members;
    this.headers = headers;
  }
}

/** A parameter of the request that cannot be used. `message` begins with its name. */
export class BadParameterError extends ProblemError {
  override name = 'BadParameterError';

  constructor(parameter: string, problem: string) {
    super('bad-parameter', `${parameter} ${problem}.`, { members: { parameter } });
  }
}

/** A request that only this site's own pages may make, made from somewhere else. */
export class CrossSiteError extends ProblemError {
  override name = 'CrossSiteError';

  constructor() {
    super('cross-site', 'This can only be asked for from a page of this site.');
  }
}

/** A store that is not the demo's own failed, in words that are made for its author. */
export class StoreError extends Error {
  override name = 'StoreError';
}

/** An address that is there, but not for this method. `allowed`: the methods that it has, as the header Allow lists them. */
export class WrongMethodError extends ProblemError {
  override name = 'WrongMethodError';

  constructor(allowed: string) {
    super('wrong-method', `This address answers ${allowed} only.`, { headers: { Allow: allowed } });
  }
}

export const ENGINE_NAMES: Record<Engine, string> = { mysql: 'MySQL', redis: 'Redis' };

const REASONS: Record<AwayReason, string> = {
  away: 'is not answering',
  slow: 'did not answer in time',
  busy: 'has no connection free',
  denied: 'does not let this demo in',
  untrusted: 'does not prove who it is',
  empty: 'has not all tables of the data set',
};
