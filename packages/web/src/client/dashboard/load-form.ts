import { showLoad } from '../../load/show-load.ts';
import type { LoadState } from '../../load/state.ts';

/** Starts and stops the load without leaving the page, and shows how it goes. Without it, the form does the same. */
export class LoadForm {
  readonly #form: HTMLFormElement;

  private constructor(form: HTMLFormElement) {
    this.#form = form;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const isStop = event.submitter?.id === 'load-stop';
      void this.#send(isStop ? '/load/stop' : '/load', isStop ? undefined : new FormData(form));
    });
  }

  /** Undefined on a server without a load generator. */
  static find(): LoadForm | undefined {
    const form = document.querySelector<HTMLFormElement>('#load-form');
    return form === null ? undefined : new LoadForm(form);
  }

  show(state: LoadState): void {
    const { headline, isRunning, percent, facts } = showLoad(state);
    this.#say(headline);
    const progress = document.querySelector<HTMLProgressElement>('#load-progress');
    if (progress !== null) progress.value = percent;
    this.#enable(isRunning);
    const places = document.querySelectorAll('#load-facts dd');
    for (const [index, [, value]] of facts.entries()) {
      const place = places[index];
      if (place !== undefined) place.textContent = value;
    }
  }

  /** The focus must not be lost with the button that had it. */
  #enable(isRunning: boolean): void {
    const start = this.#form.querySelector<HTMLButtonElement>('#load-start');
    const stop = this.#form.querySelector<HTMLButtonElement>('#load-stop');
    if (start === null || stop === null) return;
    const hadFocus = document.activeElement === start || document.activeElement === stop;
    start.disabled = isRunning;
    stop.disabled = !isRunning;
    if (hadFocus) (isRunning ? stop : start).focus();
  }

  async #send(path: string, fields: FormData | undefined): Promise<void> {
    try {
      const response = await fetch(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        body: JSON.stringify(Object.fromEntries(fields ?? [])),
      });
      if (response.ok) return;
      const problem = (await response.json().catch(() => ({}))) as { detail?: string };
      this.#say(problem.detail ?? `The server refused that (${response.status}).`);
    } catch {
      this.#say('The server does not answer.');
    }
  }

  #say(text: string): void {
    const place = document.querySelector('#load-headline');
    if (place !== null && place.textContent !== text) place.textContent = text;
  }
}
