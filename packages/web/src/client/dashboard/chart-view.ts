import type uPlot from 'uplot';
import type { Chart, Line } from '../../dashboard/charts.ts';
import { showFigure } from '../../dashboard/show.ts';
import { createPlot } from './plot.ts';
import type { Samples } from './samples.ts';

const ROWS_OF_TABLE = 10;
const timeOfDay = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** One chart on the page, with what it shows in words and, on demand, as a table. */
export class ChartView {
  readonly #chart: Chart;
  readonly #samples: Samples;
  readonly #plot: uPlot;
  readonly #summary: Element;
  readonly #values: HTMLDetailsElement;
  readonly #span = { from: 0, to: 1 };

  constructor(chart: Chart, samples: Samples) {
    const find = (selector: string): HTMLElement => {
      const found = document.querySelector<HTMLElement>(`#chart-${chart.id} ${selector}`);
      if (found === null) throw new Error(`The page has no ${selector} for the chart "${chart.id}".`);
      return found;
    };
    this.#chart = chart;
    this.#samples = samples;
    this.#summary = find('.unseen[id]');
    this.#values = find('details') as HTMLDetailsElement;
    this.#values.addEventListener('toggle', () => this.#fillTable());
    const place = find('.plot');
    const marks = () => samples.marks;
    this.#plot = createPlot(chart, place, { span: this.#span, marks });
  }

  /** Shows the last `seconds`, up to the latest sample. */
  draw(seconds: number): void {
    const latest = this.#samples.latest;
    if (latest === undefined) return;
    this.#span.to = latest.at / 1_000;
    this.#span.from = this.#span.to - seconds;
    const first = this.#samples.from(latest.at - seconds * 1_000);
    const times = this.#samples
      .column('at')
      .slice(first)
      .map((at) => (at ?? 0) / 1_000);
    const columns = this.#chart.lines.map(({ field }) => this.#samples.column(field).slice(first));
    this.#plot.setData([times, ...columns]);
    this.#summary.textContent = this.#chart.lines
      .map((line, index) => inWords(line, columns[index] ?? [], seconds))
      .join(' ');
    this.#fillTable();
  }

  #fillTable(): void {
    if (!this.#values.open) return;
    const body = this.#values.querySelector('tbody');
    const { length } = this.#samples;
    const first = Math.max(0, length - ROWS_OF_TABLE);
    const places = Array.from({ length: length - first }, (_, index) => length - 1 - index);
    body?.replaceChildren(
      ...places.map((place) => {
        const row = document.createElement('tr');
        row.insertCell().textContent = timeOfDay.format(this.#samples.column('at')[place] ?? 0);
        for (const { field, unit } of this.#chart.lines) {
          const value = this.#samples.column(field)[place] ?? null;
          row.insertCell().textContent = showFigure(field, value, unit);
        }
        return row;
      }),
    );
  }
}

/** `Last second: 93 % now; from 70 % to 95 % in 2 minutes.` */
function inWords({ field, label, unit }: Line, values: readonly (number | null)[], seconds: number): string {
  const known = values.filter((value) => value !== null);
  const name = label.charAt(0).toUpperCase() + label.slice(1);
  if (known.length === 0) return `${name}: nothing to show.`;
  const text = (value: number | null) => showFigure(field, value, unit);
  // Not Math.min(...known): an hour of values is too many for arguments on some browsers.
  const least = known.reduce((one, other) => Math.min(one, other));
  const most = known.reduce((one, other) => Math.max(one, other));
  const now = values.at(-1) ?? null;
  return `${name}: ${now === null ? 'nothing' : text(now)} now; from ${text(least)} to ${text(most)} in ${seconds / 60} minutes.`;
}
