/** [text that stands exactly once in the files, what stands there instead] */
export type Change = readonly [find: string, replacement: string];

/** The files of a folder: their text by their name. */
export type Files = Readonly<Record<string, string>>;

/** @throws when a text to be replaced is not in the files exactly once: what it was written for has changed */
export function applyChanges(files: Files, changes: readonly Change[]): Files {
  const changed = { ...files };
  for (const [find, replacement] of changes) {
    const holding = Object.keys(changed).filter((name) => changed[name]?.includes(find));
    const count = holding.reduce((sum, name) => sum + changed[name]!.split(find).length - 1, 0);
    const [name] = holding;
    if (count !== 1 || name === undefined) throw new Error(`found ${count} times, expected once: ${find}`);
    // Not replace(): a replacement may hold `$&`.
    changed[name] = changed[name]!.split(find).join(replacement);
  }
  return changed;
}
