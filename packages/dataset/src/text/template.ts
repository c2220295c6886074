import type { Random } from '../random.ts';

/** What fills a slot: given the study it stands in, and a source of chance for what the study leaves open. */
export type Slot<Study> = (study: Study, random: Random) => string;

/** A text with its slots already looked up, so that filling it is nothing but appending. */
export type Template<Study> = (study: Study, random: Random) => string;

/**
 * Compiles texts such as `In {place}, {illness} fell.` once, when the module loads.
 *
 * @throws Error when a text names a slot that does not exist.
 */
export function compile<Study>(
  texts: readonly string[],
  slots: Readonly<Record<string, Slot<Study>>>,
): readonly Template<Study>[] {
  return texts.map((text) => compileOne(text, slots));
}

function compileOne<Study>(text: string, slots: Readonly<Record<string, Slot<Study>>>): Template<Study> {
  const [opening = '', ...rest] = text.split('{');
  const parts = rest.map((piece) => {
    const [name = '', literal] = piece.split('}');
    const slot = slots[name];
    if (slot === undefined || literal === undefined) throw new Error(`No slot {${name}} in "${text}"`);
    return { slot, literal };
  });
  return (study, random) => {
    let filled = opening;
    for (const { slot, literal } of parts) filled += slot(study, random) + literal;
    return filled;
  };
}
