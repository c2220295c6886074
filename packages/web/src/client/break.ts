// Keeps the page "Break it" up to date: how Redis is, and how many seconds are left. Without this it shows how it was when it was loaded.

/** What `/api/faults` says. */
interface State {
  readonly state: string;
  readonly phase?: string;
  readonly headline: string;
  readonly detail: string;
  readonly secondsLeft?: number;
}

const EVERY_MS = 1_000;

const panel = find('.break-state');
const headline = find('.headline');
const detail = find('.detail');
const mend = find('.mend');
const left = find('.left');
const seconds = find('.left b');

function find(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(`main ${selector}`);
  if (found === null) throw new Error(`The page has no ${selector}.`);
  return found;
}

/** A screen reader says what changes, so nothing is written that is there already. */
function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function show(now: State): void {
  panel.dataset['state'] = now.state;
  write(headline, now.headline);
  write(detail, now.detail);
  mend.hidden = now.phase === undefined;
  left.hidden = now.secondsLeft === undefined;
  write(seconds, String(now.secondsLeft ?? ''));
  for (const card of document.querySelectorAll<HTMLElement>('[data-fault]')) {
    card.toggleAttribute('data-on', card.dataset['fault'] === now.state);
  }
}

async function look(): Promise<void> {
  const response = await fetch('/api/faults');
  if (response.ok) show((await response.json()) as State);
}

async function watch(): Promise<void> {
  try {
    if (!document.hidden) await look();
  } catch {
    // The demo is stopping, or being started again.
  }
  setTimeout(() => void watch(), EVERY_MS);
}

void watch();
