import type { ServerResponse } from 'node:http';
import type { LoadState } from '../load/state.ts';
import { Collector } from './collector.ts';
import { EventStream } from './event-stream.ts';
import { History } from './history.ts';
import { RequestMeter } from './request-meter.ts';
import type { Sample } from './sample.ts';
import type { Sources } from './sources.ts';

export interface DashboardOptions {
  readonly sources: Sources;
  /** How often a sample is taken. Default: 1,000. */
  readonly everyMs?: number;
  /** Told of what should never happen: a sample that could not be made. Default: a process warning. */
  readonly onError?: (error: unknown) => void;
}

export interface Dashboard {
  /** Counts the requests that pass through `meter.handler`. */
  readonly meter: RequestMeter;
  /** The latest sample; undefined in the first second. */
  readonly latest: Sample | undefined;
  /** How many watch now. */
  readonly readers: number;
  /** Begins the stream on a response; false, with the response untouched, when there are too many readers. */
  stream(response: ServerResponse, lastEventId?: string): boolean;
  /** Shows all readers how a load run is going. */
  showLoad(state: LoadState): void;
  /** Draws a line on the charts at this moment, with a few words such as "Redis stopped". */
  mark(text: string): void;
  /** Ends all streams and the collecting. Resolves once the last question to the engines has ended or been given up. */
  close(): Promise<void>;
}

/** Begins to collect: once for all who will look, whether anybody does or not. */
export function createDashboard({
  sources,
  everyMs = 1_000,
  onError = (error) => process.emitWarning(`No sample for the dashboard: ${String(error)}`),
}: DashboardOptions): Dashboard {
  const meter = new RequestMeter();
  const history = new History();
  const events = new EventStream();
  const collector = new Collector({ sources, requests: () => meter.totals(), pollLimitMs: everyMs * 0.8 });
  let load: Buffer | undefined;
  let collecting: Promise<void> | undefined;

  const collect = async () => {
    events.send(history.add(await collector.collect()));
  };
  const timer = setInterval(() => {
    collecting ??= collect()
      .catch(onError)
      .finally(() => (collecting = undefined));
  }, everyMs);

  return {
    meter,
    get latest() {
      return history.latest;
    },
    get readers() {
      return events.readers;
    },
    stream(response, lastEventId) {
      if (!events.isOpen) return false;
      events.add(response, [history.opening(lastEventId), ...(load === undefined ? [] : [load])]);
      return true;
    },
    showLoad(state) {
      load = Buffer.from(`event: load\ndata: ${JSON.stringify(state)}\n\n`);
      events.send(load);
    },
    mark(text) {
      events.send(history.mark({ at: Date.now(), text }));
    },
    async close() {
      clearInterval(timer);
      events.close();
      await collecting;
    },
  };
}
