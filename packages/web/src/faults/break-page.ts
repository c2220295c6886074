import { FAULTS, faultNamed } from './all-faults.ts';
import type { Fault } from './fault.ts';
import type { Faults } from './faults.ts';

/** A Redis that is not this demo's to break, and why not, as a whole sentence. */
export interface Unbreakable {
  readonly why: string;
}

export const NOT_ITS_OWN: Unbreakable = {
  why: 'This demo runs on a Redis that others may use too. Start it with npm start, and it has one of its own.',
};

/** How Redis is, in words and figures that a room can read. Also the body of `/api/faults`. */
export interface FaultsState {
  readonly available: boolean;
  /** Why nothing can be broken here. */
  readonly why?: string;
  /** `well`, the name of the fault that is on, or `unavailable`. */
  readonly state: string;
  readonly phase?: 'beginning' | 'on' | 'mending';
  readonly headline: string;
  readonly detail: string;
  /** Until it is mended by itself. */
  readonly secondsLeft?: number;
  readonly faults: readonly { readonly name: string; readonly title: string; readonly effect: string }[];
}

export interface BreakPage {
  readonly title: string;
  readonly state: FaultsState;
  readonly faults: readonly (Fault & { readonly isOn: boolean })[];
  readonly seconds: readonly { readonly value: number; readonly isChosen: boolean }[];
  readonly hotKeys: readonly string[];
}

/** What can be chosen on the page, in seconds. A program may ask for any number from 1 to 120. */
const CHOICES = [5, 15, 30, 60, 120];

export function breakPage(faults: Faults | Unbreakable, chosen: number): BreakPage {
  const state = stateOf(faults);
  return {
    title: 'Break it',
    state,
    faults: FAULTS.map((fault) => ({ ...fault, isOn: fault.name === state.state })),
    seconds: CHOICES.map((value) => ({ value, isChosen: value === chosen })),
    hotKeys: 'why' in faults ? [] : faults.hotKeys.top(5),
  };
}

export function stateOf(faults: Faults | Unbreakable): FaultsState {
  const known = FAULTS.map(({ name, title, effect }) => ({ name, title, effect }));
  if ('why' in faults) {
    const { why } = faults;
    return {
      available: false,
      why,
      state: 'unavailable',
      headline: 'Nothing to break here',
      detail: why,
      faults: known,
    };
  }
  const { active } = faults;
  if (active === undefined) {
    return {
      available: true,
      state: 'well',
      headline: 'Redis is well',
      detail: wellSince(faults),
      faults: known,
    };
  }
  const { title, effect } = faultNamed(active.name);
  const left =
    active.until === undefined ? undefined : Math.max(0, Math.ceil((active.until - Date.now()) / 1_000));
  return {
    available: true,
    state: active.name,
    phase: active.phase,
    headline: active.trouble === undefined ? (PHASES[active.phase] ?? title) : 'Redis does not come back',
    detail: active.trouble ?? effect,
    ...(left !== undefined && active.phase === 'on' && { secondsLeft: left }),
    faults: known,
  };
}

const PHASES: { readonly [phase: string]: string } = {
  beginning: 'Breaking …',
  mending: 'Mending …',
};

function wellSince({ last }: Faults): string {
  if (last === undefined) return 'Nothing has been broken yet.';
  return last.what === 'mended'
    ? `${faultNamed(last.name).title}: that is over.`
    : `${last.text}. Nothing else is wrong.`;
}
