import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Who asks for what is being loaded already, waits for that load.',
  caughtBy: 'stale-store',
  named: 'joined-an-old-load',
  says: ['begun after the write'],
  change: [
    [
      '  /** Generations whose removal Redis has not confirmed, each with the write that owes it. */',
      `  const flights = new Map<string, Promise<unknown>>();

  /** Generations whose removal Redis has not confirmed, each with the write that owes it. */`,
    ],
    [
      '    async getOrLoad<T>({ key, form, tags }: Place<T>, load: () => Promise<T>): Promise<T> {\n',
      `    async getOrLoad<T>({ key, form, tags }: Place<T>, load: () => Promise<T>): Promise<T> {
      const flight = flights.get(key) as Promise<T> | undefined;
      if (flight) return await flight;
      const started = this.getOrLoadAlone({ key, form, tags }, load).finally(() => flights.delete(key));
      flights.set(key, started);
      return await started;
    },

    async getOrLoadAlone<T>({ key, form, tags }: Place<T>, load: () => Promise<T>): Promise<T> {
`,
    ],
    [
      `  close(): void;
}

export function createCache`,
      `  getOrLoadAlone<T>(place: Place<T>, load: () => Promise<T>): Promise<T>;
  close(): void;
}

export function createCache`,
    ],
  ],
});
