import uPlot from 'uplot';
import type { Chart } from '../../dashboard/charts.ts';
import { MIB } from '../../dashboard/show.ts';

export interface Vertical {
  readonly scale: uPlot.Scale;
  readonly axis: uPlot.Axis;
}

/** The scale of a chart's vertical axis, and what stands beside it. */
export function vertical({ scale, lines }: Chart): Vertical {
  switch (scale) {
    case 'share':
      return SHARE;
    case 'logarithmic':
      return LOGARITHMIC;
    case 'linear':
      return linear(lines.some(({ unit }) => unit === 'bytes') ? MIB : 1);
  }
}

const SHARE: Vertical = {
  scale: { range: () => [0, 1] },
  axis: {
    splits: () => [0, 0.25, 0.5, 0.75, 1],
    values: (_, splits) => splits.map((split) => `${split * 100}`),
  },
};

const LOGARITHMIC: Vertical = {
  // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the enum is in uPlot's types only, not in its code
  scale: { distr: 3, range: (_, least, most) => decades(least, most) },
  axis: {
    splits: (_, __, least, most) => powersOfTen(least, most),
    filter: (_, splits) => splits,
    values: (_, splits) => splits.map((split) => split.toLocaleString('en-US')),
  },
};

/** Nothing here comes in halves. */
const STEPS = Array.from({ length: 7 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();

/** From nought; `one`: what counts as one on the axis. */
function linear(one: number): Vertical {
  return {
    scale: { range: (_, __, most) => [0, uPlot.rangeNum(0, Math.max(most, one), 0.1, true)[1] ?? one] },
    axis: {
      incrs: STEPS.map((step) => step * one),
      values: (_, splits) => splits.map((split) => (split / one).toLocaleString('en-US')),
    },
  };
}

/** Whole powers of ten around the values; at least two of them. */
function decades(least: number | null, most: number | null): [number, number] {
  if (least === null || most === null) return [0.1, 1_000];
  const from = Math.floor(Math.log10(least));
  const to = Math.max(from + 2, Math.ceil(Math.log10(most)));
  return [10 ** from, 10 ** to];
}

function powersOfTen(least: number, most: number): number[] {
  const from = Math.round(Math.log10(least));
  const to = Math.round(Math.log10(most));
  return Array.from({ length: to - from + 1 }, (_, step) => Number((10 ** (from + step)).toPrecision(1)));
}
