import uPlot from 'uplot';
import type { Chart, Line } from '../../dashboard/charts.ts';
import type { Mark } from '../../dashboard/sample.ts';
import { vertical } from './vertical.ts';

export interface PlotOptions {
  /** What the horizontal axis covers, in seconds since 1970; read at each drawing. */
  readonly span: { readonly from: number; readonly to: number };
  readonly marks: () => readonly Mark[];
}

const FONT = '15px system-ui, sans-serif';
const DASHES: Record<Line['dash'], number[]> = { solid: [], dashed: [10, 5], dotted: [2, 5] };
const timeOfDay = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** A chart drawn by uPlot into `place`, in the page's colours, as large as that is and becomes. */
export function createPlot(chart: Chart, place: HTMLElement, { span, marks }: PlotOptions): uPlot {
  const { scale, axis: upright } = vertical(chart);
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height: place.clientHeight,
      legend: { show: false },
      cursor: { show: false },
      padding: [12, 40, 0, 0],
      scales: { x: { range: () => [span.from, span.to] }, y: scale },
      axes: [
        {
          ...axis(),
          space: 86,
          gap: 8,
          size: 36,
          values: (_, times) => times.map((time) => timeOfDay.format(time * 1_000)),
        },
        { ...axis(), size: 72, space: 34, label: chart.axis, labelFont: FONT, labelSize: 24, ...upright },
      ],
      series: [{}, ...chart.lines.map(series)],
      hooks: { draw: [(drawn) => drawMarks(drawn, marks())] },
    },
    [[], ...chart.lines.map(() => [])],
    place,
  );
  new ResizeObserver(() => {
    plot.setSize({ width: place.clientWidth, height: place.clientHeight });
  }).observe(place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plot.redraw(false));
  return plot;
}

function series({ tone, dash }: Line): uPlot.Series {
  return {
    stroke: () => color(`--${tone}`),
    width: dash === 'dotted' ? 3 : 2.5,
    dash: DASHES[dash],
    cap: dash === 'dotted' ? 'round' : 'butt',
    // A line needs two samples side by side; one that stands alone is a point.
    points: { show: true, size: 6, fill: () => color(`--${tone}`), dash: [], filter: lonely },
  };
}

/** The places of values with nothing on either side. */
function lonely(plot: uPlot, index: number): number[] {
  const values = plot.data[index] ?? [];
  const found: number[] = [];
  for (let place = 0; place < values.length; place++) {
    const [before, value, after] = [values[place - 1], values[place], values[place + 1]].map(
      (each) => each ?? null,
    );
    if (before === null && value !== null && after === null) found.push(place);
  }
  return found;
}

function axis(): uPlot.Axis {
  return {
    font: FONT,
    stroke: () => color('--soft'),
    grid: { stroke: () => color('--line'), width: 1 },
    ticks: { show: false },
  };
}

/** A dashed line for each mark that the axis covers, with its words beside it. */
function drawMarks(plot: uPlot, marks: readonly Mark[]): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const right = bbox.left + bbox.width;
  /** Where the words of each row end: words that would cover others go into the next row. */
  const rowEnds: number[] = [];
  ctx.save();
  ctx.strokeStyle = color('--warn');
  ctx.lineWidth = 2 * ratio;
  ctx.setLineDash([6 * ratio, 4 * ratio]);
  ctx.font = `600 ${13 * ratio}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'top';
  for (const { at, text } of marks) {
    const x = plot.valToPos(at / 1_000, 'x', true);
    if (x < bbox.left || x > right) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const { width } = ctx.measureText(text);
    const gap = 6 * ratio;
    const from = x + gap + width > right ? x - gap - width : x + gap;
    const free = rowEnds.findIndex((end) => end < from);
    const row = free === -1 ? rowEnds.length : free;
    rowEnds[row] = from + width + gap;
    const top = bbox.top + row * 16 * ratio;
    // Lines behind the words would make them hard to read.
    ctx.fillStyle = color('--card');
    ctx.fillRect(from, top, width, 14 * ratio);
    ctx.fillStyle = color('--warn');
    ctx.fillText(text, from, top);
  }
  ctx.restore();
}

/** One of the style sheet's colours, as it is in the theme of this moment. */
function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
