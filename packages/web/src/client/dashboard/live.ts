import type { HistoryEvent, Mark, SampleEvent } from '../../dashboard/sample.ts';
import type { LoadState } from '../../load/state.ts';

export interface Listeners {
  readonly history: (event: HistoryEvent) => void;
  readonly sample: (event: SampleEvent) => void;
  readonly mark: (event: Mark) => void;
  readonly load: (event: LoadState) => void;
}

/** How long until another attempt, after the server has refused one. */
const RETRY_MS = 10_000;

/** Listens to the dashboard's stream for as long as the page is there, and says on the page whether it does. */
export function connect(listeners: Listeners): void {
  const source = new EventSource('/dashboard/events');
  source.addEventListener('open', () => say('live', 'Live'));
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CONNECTING) {
      say('lost', 'Not connected. Trying again …');
      return;
    }
    // A refusal is final to an EventSource, but not to us: readers leave.
    say('lost', 'Too many are watching, or the server is gone. Trying again …');
    setTimeout(() => connect(listeners), RETRY_MS);
  });
  for (const [name, listener] of Object.entries(listeners)) {
    source.addEventListener(name, ({ data }: MessageEvent<string>) => listener(JSON.parse(data)));
  }
}

function say(state: 'live' | 'lost', text: string): void {
  const place = document.querySelector<HTMLElement>('#live');
  if (place === null || place.textContent === text) return;
  place.dataset['state'] = state;
  place.textContent = text;
}
