import { CHARTS } from '../dashboard/charts.ts';
import type { HistoryEvent, Mark, SampleEvent, State } from '../dashboard/sample.ts';
import { fromRow } from '../dashboard/sample.ts';
import type { LoadState } from '../load/state.ts';
import { ChartView } from './dashboard/chart-view.ts';
import { showLatest, showState } from './dashboard/figures.ts';
import { connect } from './dashboard/live.ts';
import { LoadForm } from './dashboard/load-form.ts';
import { Samples } from './dashboard/samples.ts';

/** The dashboard: what the stream tells, in figures and charts. */
const samples = new Samples();
const charts = CHARTS.map((chart) => new ChartView(chart, samples));
const load = LoadForm.find();
let seconds = 120;

function draw(): void {
  // A page that nobody sees is drawn when somebody does.
  if (document.hidden) return;
  for (const chart of charts) chart.draw(seconds);
}

function show(state: State | null): void {
  const latest = samples.latest;
  if (latest !== undefined) showLatest(latest);
  if (state !== null) showState(state);
  draw();
}

connect({
  history({ resumed, rows, marks, state }: HistoryEvent) {
    if (!resumed) samples.clear();
    for (const row of rows) samples.add(fromRow(row));
    for (const mark of marks) samples.mark(mark);
    show(state);
  },
  sample({ row, state }: SampleEvent) {
    samples.add(fromRow(row));
    show(state);
  },
  mark(mark: Mark) {
    samples.mark(mark);
    draw();
  },
  load(state: LoadState) {
    load?.show(state);
  },
});

for (const range of document.querySelectorAll<HTMLInputElement>('input[name=range]')) {
  range.addEventListener('change', () => {
    seconds = Number(range.value);
    draw();
  });
  // A browser that has been here before may have kept another choice.
  if (range.checked) seconds = Number(range.value);
}
document.addEventListener('visibilitychange', draw);
