import type { OutgoingHttpHeaders } from 'node:http';
import { Agent, get } from 'node:http';
import type { HistogramSnapshot } from '@workshop/cache';
import { LatencyHistogram } from '../dashboard/latency-histogram.ts';
import type { LoadPlan } from './plan.ts';
import { TERMS } from './terms.ts';
import { zipf } from './zipf.ts';

/** How long answers that are under way at the end are waited for, in milliseconds. */
const GRACE_MS = 2_000;

export interface CallersOptions {
  /** `http://127.0.0.1:8008`, without a path. */
  readonly url: string;
  readonly plan: LoadPlan;
  /** Sent with every request. */
  readonly headers: OutgoingHttpHeaders;
}

/** What the callers have seen so far. */
export interface Tally {
  readonly seconds: number;
  readonly answered: number;
  readonly failed: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly bytes: number;
  readonly latency: HistogramSnapshot;
}

/** As many callers as the plan says, each of which asks again as soon as it has been answered to the last byte. */
export class Callers {
  readonly #url: string;
  readonly #plan: LoadPlan;
  readonly #headers: OutgoingHttpHeaders;
  readonly #agent: Agent;
  readonly #place: () => number;
  readonly #latency = new LatencyHistogram();
  readonly #statuses: Record<string, number> = {};
  readonly #startedAt = performance.now();
  #endedAt: number | undefined;
  #asked = 0;
  #answered = 0;
  #failed = 0;
  #bytes = 0;
  #isOver = false;
  #grace: NodeJS.Timeout | undefined;

  constructor({ url, plan, headers }: CallersOptions) {
    this.#url = url;
    this.#plan = plan;
    this.#headers = headers;
    this.#agent = new Agent({ keepAlive: true, maxSockets: plan.callers });
    this.#place = zipf(TERMS.length, plan.zipf);
  }

  /** Resolves once the plan is fulfilled, its time is over, or it was stopped. Never rejects. */
  async run(): Promise<void> {
    const end = setTimeout(() => this.stop(), this.#plan.seconds * 1_000);
    await Promise.all(Array.from({ length: this.#plan.callers }, () => this.#call()));
    this.#endedAt = performance.now();
    clearTimeout(end);
    clearTimeout(this.#grace);
    this.#agent.destroy();
  }

  /** Asks nothing more, and gives what is under way a short time to come in. */
  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#grace = setTimeout(() => this.#agent.destroy(), GRACE_MS);
  }

  tally(): Tally {
    return {
      seconds: ((this.#endedAt ?? performance.now()) - this.#startedAt) / 1_000,
      answered: this.#answered,
      failed: this.#failed,
      statuses: { ...this.#statuses },
      bytes: this.#bytes,
      latency: this.#latency.snapshot(),
    };
  }

  async #call(): Promise<void> {
    while (!this.#isOver && this.#asked < this.#plan.requests) {
      this.#asked++;
      const startedAt = performance.now();
      try {
        const status = await this.#ask(this.#address());
        this.#latency.observe(performance.now() - startedAt);
        this.#answered++;
        this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
        if (status >= 500) this.#failed++;
      } catch {
        // What was cut off because the run is over says nothing about the server.
        if (!this.#isOver) this.#failed++;
      }
    }
  }

  #address(): string {
    const { mysqlShare, limit } = this.#plan;
    const path = Math.random() * 100 < mysqlShare ? '/query_mysql' : '/query_cache';
    const term = TERMS[this.#place()] ?? '';
    return `${this.#url}${path}?term=${encodeURIComponent(term)}&limit=${limit}`;
  }

  /** Resolves to the status, once the body is in. */
  async #ask(address: string): Promise<number> {
    return await new Promise((resolve, reject) => {
      const request = get(address, { agent: this.#agent, headers: this.#headers }, (response) => {
        response.on('data', (chunk: Buffer) => (this.#bytes += chunk.length));
        response.once('end', () => resolve(response.statusCode ?? 0));
        response.once('error', reject);
      });
      request.once('error', reject);
    });
  }
}
