/** Pieces of SVG as text. Numbers are pixels. */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The classes of the style sheet, so that one drawing is readable on white and on black. */
const STYLE = `
  svg { font-family: ui-sans-serif, system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
  .ground { fill: #ffffff; }
  .place { fill: #f6f8fa; stroke: #afb8c1; }
  .zone { fill: none; stroke: #afb8c1; stroke-dasharray: 5 4; }
  .public { fill: #eaf3ff; stroke: #54aeff; }
  .isolated { fill: #eafaef; stroke: #4ac26b; }
  .card { fill: #ffffff; stroke: #8c959f; }
  .card-spare { fill: #ffffff; stroke: #8c959f; stroke-dasharray: 4 3; }
  .web { fill: #0969da; } .database { fill: #bc4c00; } .cache { fill: #cf222e; } .service { fill: #6639ba; }
  .title { fill: #1f2328; font-weight: 600; font-size: 15px; }
  .line { fill: #59636e; font-size: 13px; }
  .name { fill: #59636e; font-size: 13px; font-weight: 600; }
  .arrow { fill: none; stroke: #59636e; stroke-width: 1.6; marker-end: url(#head); }
  .bracket { fill: none; stroke: #59636e; stroke-width: 1.6; }
  .head { fill: #59636e; }
  .label { fill: #1f2328; font-size: 13px; font-weight: 600; }
  .label-ground { fill: #ffffff; stroke: #afb8c1; }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117; }
    .place { fill: #151b23; stroke: #3d444d; }
    .zone { stroke: #3d444d; }
    .public { fill: #0f2137; stroke: #1f6feb; }
    .isolated { fill: #0f2419; stroke: #238636; }
    .card, .card-spare { fill: #212830; stroke: #656c76; }
    .web { fill: #4493f8; } .database { fill: #db6d28; } .cache { fill: #f85149; } .service { fill: #ab7df8; }
    .title, .label { fill: #f0f6fc; }
    .line, .name { fill: #9198a1; }
    .arrow, .bracket { stroke: #9198a1; }
    .head { fill: #9198a1; }
    .label-ground { fill: #212830; stroke: #3d444d; }
  }`;

/** A whole drawing. `description` is what it says to those who do not see it. */
export function svg(width: number, height: number, description: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escape(description)}</title>`,
    `<style>${STYLE}\n</style>`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path class="head" d="M0 0 8 4 0 8z"/></marker></defs>',
    `<rect class="ground" width="${width}" height="${height}"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

export function rect({ x, y, width, height }: Box, style: string, radius = 8): string {
  return `<rect class="${style}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}"/>`;
}

export function words(x: number, y: number, style: string, value: string, anchor = 'start'): string {
  return `<text class="${style}" x="${x}" y="${y}" text-anchor="${anchor}">${escape(value)}</text>`;
}

/** A card with a stripe in the colour of its kind. */
export function card(
  box: Box,
  kind: string,
  title: string,
  lines: readonly string[],
  isSpare = false,
): string {
  const { x, y, height } = box;
  return [
    rect(box, isSpare ? 'card-spare' : 'card', 6),
    `<rect class="${kind}" x="${x}" y="${y}" width="5" height="${height}" rx="2.5"/>`,
    words(x + 18, y + 24, 'title', title),
    ...lines.map((line, index) => words(x + 18, y + 45 + index * 18, 'line', line)),
  ].join('\n');
}

/** A line through these points, with a label on a plate at its middle. */
export function arrow(points: readonly (readonly [number, number])[], label?: Label): string {
  const path = points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('');
  return [`<path class="arrow" d="${path}"/>`, ...(label === undefined ? [] : [plate(label)])].join('\n');
}

export interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

function plate({ x, y, text }: Label): string {
  // Wide enough in any of the fonts.
  const width = text.length * 7.6 + 18;
  return [
    rect({ x: x - width / 2, y: y - 13, width, height: 24 }, 'label-ground', 12),
    words(x, y + 4, 'label', text, 'middle'),
  ].join('\n');
}

function escape(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
