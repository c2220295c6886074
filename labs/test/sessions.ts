import { LabSession, type LabSessionOptions, type RunOptions, type Verdict } from '@workshop/lab-kit';

/** Sessions of one lab, each used by one test at a time: what a run begins with takes longer than most runs. */
export class Sessions {
  readonly #options: LabSessionOptions;
  readonly #all: LabSession[] = [];
  readonly #idle: LabSession[] = [];

  constructor(options: LabSessionOptions) {
    this.#options = options;
  }

  async run(options: RunOptions): Promise<Verdict> {
    const session = this.#idle.pop() ?? this.#open();
    try {
      return await session.run(options);
    } finally {
      this.#idle.push(session);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map(async (session) => await session.close()));
  }

  #open(): LabSession {
    const session = new LabSession(this.#options);
    this.#all.push(session);
    return session;
  }
}
