import { testKeyPrefix } from '@workshop/engines/test-space';
import { inject, onTestFinished } from 'vitest';
import type { AppOptions, App } from './app.ts';
import { startApp } from './app.ts';

/** The dashboard's app with keys of its own; it goes with the test. */
export async function openApp(options: Partial<AppOptions> & Pick<AppOptions, 'mysqlUrl'>): Promise<App> {
  const prefix = testKeyPrefix().replace(/:$/, '');
  const app = await startApp({ redisUrl: inject('redisUrl'), prefix, ...options });
  onTestFinished(() => app.close());
  return app;
}

export interface SseEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: unknown;
}

/** Reads server-sent events until `isEnough`, or until the stream ends; comments are left out. */
export async function readEvents(
  url: string,
  isEnough: (events: readonly SseEvent[]) => boolean,
  headers: Record<string, string> = {},
): Promise<SseEvent[]> {
  const leave = new AbortController();
  const response = await fetch(url, { headers, signal: leave.signal });
  const events: SseEvent[] = [];
  let text = '';
  try {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      events.push(...blocks.flatMap(parse));
      if (isEnough(events)) return events;
    }
    return events;
  } finally {
    leave.abort();
  }
}

function parse(block: string): SseEvent[] {
  const fields = new Map(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  const data = fields.get('data');
  if (data === undefined) return [];
  return [
    { id: fields.get('id'), event: fields.get('event') ?? 'message', data: JSON.parse(data) as unknown },
  ];
}
