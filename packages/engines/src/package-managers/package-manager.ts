import type { EngineContext } from '../engine-context.ts';
import type { Store } from '../native-places.ts';

/** Programs that tests run, called as their packages are. */
export const TOOLS = ['shellcheck', 'unzip', 'zip'] as const;
export type Tool = (typeof TOOLS)[number];

/** What there is to install: the server of a store, a browser for tests of pages, or a tool of theirs. */
export type Installable = Store | 'browser' | Tool;

/** A way to install servers and browsers. */
export interface PackageManager {
  /** Its program, which tells whether it is here. */
  program: string;
  plan(wanted: readonly Installable[], context: InstallContext): Promise<InstallPlan>;
}

/** What a plan depends on, besides what is to be installed. */
export type InstallContext = Pick<EngineContext, 'run' | 'settings' | 'machine'>;

export interface InstallPlan {
  /** Completes "Installing …". */
  what: string;
  steps: InstallStep[];
  /** The same, as a person would type it. */
  byHand: string;
  /** Why we cannot carry it out. */
  refused?: string | undefined;
}

export interface InstallStep {
  /** The command's words, made when its turn comes: what there is to install may be known only after the step before. */
  words: () => Promise<string[]>;
  /** Said before the step, where it is not plain from what was said already. */
  progress?: string;
  /** Its failure does not matter if the next steps pass. */
  mayFail?: boolean;
}
