import type { EngineContext, EngineKind } from '../engine-context.ts';
import type { ServerFacts } from '../probe.ts';

export type EngineSource = 'given' | 'native' | 'docker';

/** An engine that serves. */
export interface RunningEngine extends ServerFacts {
  source: EngineSource;
  /** With its password. For a cluster, that of its first node. */
  url: string;
  /** For a cluster: every node's port on 127.0.0.1. */
  nodePorts?: number[];
}

/** One way of coming by engines. */
export interface Provider {
  /**
   * Brings up those of the wanted kinds that it can. For the others it says why not, in words that follow the kind's name
   * ("no server is installed").
   *
   * @throws {EngineError} for what it should be able to bring up and cannot: the next provider is not tried then, since that
   *   would hide a fault and use other data.
   */
  up(wanted: readonly EngineKind[], context: EngineContext): Promise<Outcome[]>;
}

export type Outcome = { kind: EngineKind; engine: RunningEngine } | { kind: EngineKind; why: string };
