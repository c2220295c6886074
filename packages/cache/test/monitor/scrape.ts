import { assert } from 'vitest';

export interface Scrape {
  /** By metric: its type. */
  readonly types: ReadonlyMap<string, string>;
  /** The value of a series, however its labels are ordered; undefined when there is no such series. */
  readonly value: (name: string, labels?: Readonly<Record<string, string>>) => number | undefined;
}

/** Reads the Prometheus text format strictly: a line that is none of it, or a series given twice, fails. */
export function parseScrape(text: string): Scrape {
  const types = new Map<string, string>();
  const series = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line === '# EOF' || /^# HELP \S+ \S/.test(line)) continue;
    const type = /^# TYPE (\S+) (\S+)$/.exec(line);
    if (type !== null) {
      const [, name = '', kind = ''] = type;
      assert(!types.has(name), `${name} has two types`);
      types.set(name, kind);
      continue;
    }
    const sample = /^([a-z_:][\w:]*)(?:\{(.*)\})? (\S+)$/i.exec(line);
    assert(sample !== null, `not a line of the text format: ${line}`);
    const [, name = '', labels = '', value] = sample;
    const id = idOf(
      name,
      [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"(?:,|$)/g)].map(([, key = '', quoted = '']) => [
        key,
        quoted,
      ]),
    );
    assert(!series.has(id), `given twice: ${id}`);
    series.set(id, Number(value));
  }
  return {
    types,
    value: (name, labels = {}) => series.get(idOf(name, Object.entries(labels))),
  };
}

function idOf(name: string, labels: readonly (readonly [string, string])[]): string {
  return `${name} ${labels
    .map(([key, value]) => `${key}=${value}`)
    .toSorted()
    .join(' ')}`;
}
