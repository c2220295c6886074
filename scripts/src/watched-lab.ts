import {
  LabSession,
  lastSave,
  noteVerdict,
  openFolder,
  WatchReport,
  WorkWatcher,
  type EngineUrls,
  type Verdict,
} from '@workshop/lab-kit';
import { checkWithNames, withNames } from './check-work.ts';
import { diffText } from './lab-diff.ts';
import { nextHint } from './lab-hint.ts';
import { replaceBy } from './lab-reset.ts';
import type { FoundLab, Place } from './labs.ts';
import { messageOf, noted } from './report-error.ts';
import { lookHere } from './say.ts';

export interface WatchSetting {
  place: Place;
  engines: Promise<EngineUrls>;
  say: (text: string) => void;
  hasKeys: boolean;
}

const keys = 'Keys: h hint, d diff, n next, r reset, Enter again, q quit';
const noKeys = 'The next save is checked again. Ctrl-C ends this.';

/** A lab under `lab:watch`: its checks run at each save, from a session that stays warm. */
export class WatchedLab {
  readonly #found: FoundLab;
  readonly #setting: WatchSetting;
  readonly #session: LabSession;
  readonly #report: WatchReport;
  #watcher: WorkWatcher | undefined;
  #running: Promise<void> | undefined;
  /** Ends the run that is under way, since there is something newer to check. */
  #outdated = new AbortController();
  #again = false;
  #verdict: Verdict | undefined;
  #closed = false;

  private constructor(found: FoundLab, setting: WatchSetting) {
    this.#found = found;
    this.#setting = setting;
    this.#session = new LabSession({ lab: found.lab, engines: setting.engines });
    this.#report = new WatchReport(found.lab, lookHere());
  }

  /** Begins with a run. */
  static async open(found: FoundLab, setting: WatchSetting): Promise<WatchedLab> {
    const watched = new WatchedLab(found, setting);
    watched.#watcher = await WorkWatcher.start(found.folders.work, () => watched.check());
    watched.check();
    return watched;
  }

  get id(): string {
    return this.#found.lab.id;
  }

  get isDone(): boolean {
    return this.#verdict?.passed === true;
  }

  /** Runs the checks; a run that is under way is of no more use. */
  check(): void {
    if (this.#closed) return;
    this.#again = true;
    this.#outdated.abort();
    this.#running ??= this.#runWhileWanted().finally(() => (this.#running = undefined));
  }

  async hint(): Promise<void> {
    await this.#running;
    const failing = this.#verdict?.checks.find((check) => !check.passed);
    const check = this.#found.lab.checks.find(({ id }) => id === failing?.id);
    const { say, place } = this.#setting;
    if (check) say(`\n${await nextHint(this.#found, check, { again: false, more: 'press h again' }, place)}`);
    else say(this.#verdict ? 'All checks pass: there is nothing to hint at.' : 'There is no verdict yet.');
  }

  async diff(): Promise<void> {
    this.#setting.say(`\n${await diffText(this.#found, lookHere())}`);
  }

  /** The new files are a save: the watcher sees to the checks. */
  async reset(): Promise<void> {
    this.#setting.say(`\n${await replaceBy('starter', this.#found, this.#setting.place)}`);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#watcher?.close();
    this.#again = false;
    this.#outdated.abort();
    await this.#running;
    await this.#session.close();
  }

  async #runWhileWanted(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      this.#outdated = new AbortController();
      const { signal } = this.#outdated;
      try {
        await this.#run(signal);
      } catch (error) {
        if (signal.aborted) continue;
        this.#setting.say(messageOf(error));
      }
      if (!signal.aborted) this.#setting.say(`\n${this.#setting.hasKeys ? keys : noKeys}`);
      // For the next save; what goes wrong is told by the run that meets it.
      if (!this.#again && !this.#closed) await this.#session.prepare().catch(() => {});
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { say, place } = this.#setting;
    const { work } = this.#found.folders;
    say(this.#report.begin(lookHere(), new Date()));
    const checked = await openFolder(work, place.labs, this.#found.lab.entry);
    try {
      const verdict = await this.#session.run({
        entry: checked.entry,
        signal,
        onCheck: (check, lines) => {
          if (signal.aborted) return;
          const text = this.#report.check(checkWithNames(check, checked.rename), lines);
          if (text !== undefined) say(text);
        },
      });
      this.#verdict = withNames(verdict, checked.rename);
      say(this.#report.end(this.#verdict));
      await noted(noteVerdict(place.progress, this.#verdict, new Date(), await lastSave(work)));
    } finally {
      await checked.dispose();
    }
  }
}
