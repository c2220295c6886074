import type { ThrowawayOptions } from '@workshop/engines/throwaway';
import type { Connection } from 'mysql2/promise';
import type { CheckContext } from './check-context.ts';
import type { Limits } from './sandbox/learner-process.ts';

/** What every lab's store has; a lab adds its own functions. All of them are called across a process boundary. */
export interface LearnerStore {
  close(): Promise<void>;
}

/**
 * Lines of `solution/<file>`: from the first that contains `from` to the next one, the same or later, that contains
 * `to`.
 */
export interface SolutionLines {
  file: string;
  from: string;
  to: string;
}

/** Three tiers, each telling more than the one before: a question, a pointer, the lines. */
export type Hints = readonly [question: string, pointer: string, lines: SolutionLines];

/** One thing that verify can tell about the learner's code. */
export interface Check<Store extends LearnerStore = LearnerStore> {
  /** Short and stable: it stands in the JSON, in the progress file and in every known mistake. */
  id: string;
  /** A sentence that is true when the check passes. */
  title: string;
  /** What should have been seen. */
  expected: string;
  /** Where to look, without giving the lines away. */
  hint: string;
  /** What is told one by one to somebody who asks for help with this check. */
  hints: Hints;
  /**
   * Uses the store, then looks at what reached MySQL and Redis.
   * @returns what was seen, in numbers where there are any
   * @throws {CheckFailed} by `fail()`; any error of the sandbox is a failure too
   */
  run(context: CheckContext<Store>): Promise<string>;
}

/** `rows`: an array of objects. `row`: an object, or undefined for "there is none". `object`: an object. */
export type Shape = 'rows' | 'row' | 'object' | 'anything';

export interface Lab<Store extends LearnerStore = LearnerStore> {
  /** Two digits: "02". */
  id: string;
  /** The folder's name after the digits: "cache-aside". */
  name: string;
  title: string;
  minutes: number;
  /** What the learner's MySQL user may do in the schema of the run, as GRANT has it. Default: SELECT. */
  privileges?: string;
  /** Makes tables beside `articles` and `article_reads`, in the schema of the run. */
  tables?(mysql: Connection): Promise<void>;
  /**
   * `own`: a server that is this run's alone, `context.redisServer`. `cluster`: a cluster that is, `context.redisCluster`;
   * no wiretap and no `passTime` reaches its nodes. Default: a database of the shared server.
   */
  redis?: 'own' | 'cluster';
  /** What that server is made with. */
  redisOptions?: ThrowawayOptions;
  /** The learner's file, in `starter/`, `work/` and `solution/` alike. Default: article-store.ts. */
  entry?: string;
  /** A module like `Harness` for a lab whose learner writes no store: it makes one out of what they wrote. */
  harness?: URL;
  /** So many checks at a time: one, where the code is dear to load and its checks are not. Default: 3. */
  lanes?: number;
  /** How long its code may take. Default: `defaultLimits`. */
  limits?: Limits;
  /** What each function of the store must return, so that no check has to guard against it. */
  returns: Record<Exclude<keyof Store & string, 'close'>, Shape>;
  /** In the order in which a learner should meet them: later ones may take earlier ones for granted. */
  checks: readonly Check<Store>[];
}

/** Checks the definition once, where a slip in it would only show as an odd verdict. */
export function defineLab<Store extends LearnerStore>(lab: Lab<Store>): Lab {
  if (!/^\d\d$/.test(lab.id)) throw new TypeError(`lab id: two digits wanted, got ${JSON.stringify(lab.id)}`);
  if (lab.checks.length === 0) throw new TypeError(`lab ${lab.id} has no checks`);
  if (lab.redisOptions && lab.redis !== 'own')
    throw new TypeError(`lab ${lab.id} has redisOptions, which need redis: 'own'`);
  const ids = lab.checks.map((check) => check.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new TypeError(`lab ${lab.id} has two checks named ${twice}`);
  // A check only ever meets the store of its own lab; beyond this line all labs are handled alike.
  return lab;
}
