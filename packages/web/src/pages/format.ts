/** A duration in the unit that a room can read: `0.84 ms`, `12.4 ms`, `213 ms`, `1.21 s`. */
export function formatMs(durationMs: number): { number: string; unit: 'ms' | 's' } {
  if (durationMs >= 999.5) return { number: digits(durationMs / 1_000), unit: 's' };
  return { number: digits(durationMs), unit: 'ms' };
}

export function showMs(durationMs: number): string {
  const { number, unit } = formatMs(durationMs);
  return `${number} ${unit}`;
}

/** `57 s`, `4 min 5 s`, `2 h 3 min`. Two minutes are where seconds stop being the handier unit. */
export function showSeconds(durationMs: number): string {
  const seconds = Math.max(0, Math.ceil(durationMs / 1_000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joined(`${minutes} min`, seconds % 60, 's');
  return joined(`${Math.floor(minutes / 60)} h`, minutes % 60, 'min');
}

export function showBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${digits(bytes / 1_000)} kB` : `${digits(bytes / 1_000_000)} MB`;
}

export function showCount(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** How many times faster, without pretending to more precision than one run has. */
export function showRatio(ratio: number): string {
  return ratio < 10 ? ratio.toFixed(1) : Math.round(ratio).toLocaleString('en-US');
}

/** Splits a text at the places where `term` stands, letter case aside: odd elements are the matches. */
export function splitAtTerm(text: string, term: string): string[] {
  return text.split(new RegExp(`(${term.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)})`, 'iu'));
}

function digits(value: number): string {
  if (value < 0.995) return value.toFixed(2);
  if (value < 9.95) return value.toFixed(1);
  return value < 99.5 ? value.toFixed(1) : Math.round(value).toLocaleString('en-US');
}

function joined(whole: string, rest: number, unit: string): string {
  return rest === 0 ? whole : `${whole} ${rest} ${unit}`;
}
