// The page of comparisons, while one runs: each turn's result comes as HTML over server-sent events. Without this
// script the form still works, and the page comes when all is over.

const form = document.querySelector<HTMLFormElement>('#compare');
const result = document.querySelector<HTMLElement>('#comparison');
const progress = document.querySelector<HTMLElement>('#progress');
const button = form?.querySelector('button');
let source: EventSource | undefined;

form?.addEventListener('submit', (event) => {
  event.preventDefault();
  const chosen = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') chosen.set(name, value);
  history.replaceState(null, '', `/compare?${chosen.toString().replace(/&?runs=\d+/, '')}`);
  run(chosen);
});

function run(chosen: URLSearchParams): void {
  source?.close();
  source = new EventSource(`/compare/events?${chosen.toString()}`);
  say('Running …');
  if (button) button.disabled = true;
  const show = ({ data }: MessageEvent<string>) => {
    // Made by the server's own template, in which every value is escaped.
    if (result) result.innerHTML = (JSON.parse(data) as { html: string }).html;
  };
  const end = (text: string) => {
    source?.close();
    if (button) button.disabled = false;
    say(text);
  };
  source.addEventListener('waiting', () => say('Another comparison is running: this one is next.'));
  source.addEventListener('state', (event: MessageEvent<string>) => {
    say('Running …');
    show(event);
  });
  source.addEventListener('over', (event: MessageEvent<string>) => {
    show(event);
    end('Done.');
  });
  source.addEventListener('broken', () => end('It broke off: MySQL is not answering.'));
  // A stream that ends without "over" would be asked for again, and with it the whole comparison.
  source.addEventListener('error', () =>
    end('It broke off, or too many are comparing. Try again in a moment.'),
  );
}

function say(text: string): void {
  if (progress && progress.textContent !== text) progress.textContent = text;
}
