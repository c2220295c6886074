/** One line of figures. */
export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** What a page of /metrics says. */
export interface Exposition {
  samples: readonly Sample[];
  /** By the name of the metric: "counter", "gauge", "histogram", ... */
  types: ReadonlyMap<string, string>;
}

/** Why a page can't be read, with its line. */
export class NotReadable extends Error {}

const nameText = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const sampleLine = new RegExp(String.raw`^(${nameText})(?:\{(.*)\})?[ \t]+(\S+)(?:[ \t]+-?\d+)?[ \t]*$`);
const labelPair = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"\s*(?:,\s*|$)/y;

/**
 * Reads Prometheus' text format as Prometheus itself does, but for its leniency.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 * @throws {NotReadable}
 */
export function parseExposition(text: string): Exposition {
  if (text !== '' && !text.endsWith('\n')) throw new NotReadable('its last line does not end');
  const samples: Sample[] = [];
  const types = new Map<string, string>();
  const seen = new Set<string>();
  for (const line of text.split('\n')) {
    const type = new RegExp(String.raw`^#\s+TYPE\s+(${nameText})\s+(\S+)\s*$`).exec(line);
    if (type?.[1] && type[2]) {
      if (types.has(type[1])) throw new NotReadable(`it has two TYPE lines for ${type[1]}`);
      types.set(type[1], type[2]);
    }
    if (line.trim() === '' || line.startsWith('#')) continue;
    const sample = parseSample(line);
    const series = JSON.stringify([
      sample.name,
      Object.entries(sample.labels)
        .map((pair) => pair.join('='))
        .toSorted(),
    ]);
    if (seen.has(series)) throw new NotReadable(`it says this twice: ${line}`);
    seen.add(series);
    samples.push(sample);
  }
  return { samples, types };
}

function parseSample(line: string): Sample {
  const match = sampleLine.exec(line);
  const number = match?.[3] ?? '';
  const value = parseNumber(number);
  if (!match?.[1] || value === undefined) throw new NotReadable(`this is no line of figures: ${line}`);
  return { name: match[1], labels: parseLabels(match[2] ?? '', line), value };
}

/** As Go reads a float, which is what Prometheus does: "Nan" is one, too. @returns undefined for what is no number */
export function parseNumber(text: string): number | undefined {
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  return text === '' || Number.isNaN(Number(text)) ? undefined : Number(text);
}

function parseLabels(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  labelPair.lastIndex = 0;
  while (labelPair.lastIndex < text.length) {
    const pair = labelPair.exec(text);
    if (!pair?.[1]) throw new NotReadable(`these are no labels: ${line}`);
    labels[pair[1]] = (pair[2] ?? '').replace(/\\(.)/g, (_all, character) =>
      character === 'n' ? '\n' : String(character),
    );
  }
  return labels;
}
