import type { Field } from './sample.ts';

/** What is charted, for the page that the server renders and for the script that draws. */
export interface Chart {
  readonly id: string;
  readonly title: string;
  /** What the vertical axis counts, with its unit. */
  readonly axis: string;
  readonly scale: 'linear' | 'logarithmic' | 'share';
  /** In the order of their figures. */
  readonly lines: readonly Line[];
  /** As broad as two others, and higher. */
  readonly isWide?: boolean;
}

export interface Line {
  readonly field: Exclude<Field, 'at'>;
  readonly label: string;
  readonly unit: Unit;
  /** Colour never stands alone: lines of one chart differ in their dashes, too. */
  readonly tone: 'redis' | 'mysql' | 'ink' | 'warn';
  readonly dash: 'solid' | 'dashed' | 'dotted';
}

export type Unit = 'share' | 'rate' | 'ms' | 'bytes' | 'count';

const HIT = { unit: 'ms', tone: 'redis' } as const;
const MISS = { unit: 'ms', tone: 'mysql' } as const;

export const CHARTS: readonly Chart[] = [
  {
    id: 'ratio',
    title: 'Hit ratio',
    axis: 'hits of all reads (%)',
    scale: 'share',
    lines: [
      { field: 'hitRatio', label: 'last second', unit: 'share', tone: 'redis', dash: 'solid' },
      { field: 'sessionHitRatio', label: 'this session', unit: 'share', tone: 'ink', dash: 'dashed' },
    ],
  },
  {
    id: 'requests',
    title: 'Requests',
    axis: 'requests a second',
    scale: 'linear',
    lines: [
      { field: 'requestRate', label: 'answered', unit: 'rate', tone: 'ink', dash: 'solid' },
      { field: 'failureRate', label: 'failed', unit: 'rate', tone: 'warn', dash: 'dotted' },
    ],
  },
  {
    id: 'times',
    title: 'Time to answer, over the last 10 seconds',
    axis: 'ms (logarithmic)',
    scale: 'logarithmic',
    isWide: true,
    lines: [
      { field: 'hitP50', label: 'hit, p50', dash: 'solid', ...HIT },
      { field: 'hitP95', label: 'hit, p95', dash: 'dashed', ...HIT },
      { field: 'hitP99', label: 'hit, p99', dash: 'dotted', ...HIT },
      { field: 'missP50', label: 'MySQL, p50', dash: 'solid', ...MISS },
      { field: 'missP95', label: 'MySQL, p95', dash: 'dashed', ...MISS },
      { field: 'missP99', label: 'MySQL, p99', dash: 'dotted', ...MISS },
    ],
  },
  {
    id: 'mysql',
    title: 'Queries',
    axis: 'queries a second',
    scale: 'linear',
    lines: [
      { field: 'mysqlRate', label: 'sent to MySQL', unit: 'rate', tone: 'mysql', dash: 'solid' },
      { field: 'savedRate', label: 'saved by the cache', unit: 'rate', tone: 'redis', dash: 'dashed' },
    ],
  },
  {
    id: 'memory',
    title: 'Memory of Redis',
    axis: 'MiB',
    scale: 'linear',
    lines: [
      { field: 'usedMemoryBytes', label: 'used', unit: 'bytes', tone: 'redis', dash: 'solid' },
      { field: 'maxMemoryBytes', label: 'limit', unit: 'bytes', tone: 'ink', dash: 'dashed' },
    ],
  },
  {
    id: 'evictions',
    title: 'Evictions',
    axis: 'keys a second',
    scale: 'linear',
    lines: [{ field: 'evictionRate', label: 'keys evicted', unit: 'rate', tone: 'redis', dash: 'solid' }],
  },
  {
    id: 'clients',
    title: 'Clients of Redis',
    axis: 'connections',
    scale: 'linear',
    lines: [{ field: 'connectedClients', label: 'connected', unit: 'count', tone: 'redis', dash: 'solid' }],
  },
];
