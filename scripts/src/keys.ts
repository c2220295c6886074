/** What keypresses need of a terminal; `process.stdin` has it. */
export interface KeyInput {
  isTTY?: boolean;
  setRawMode?(mode: boolean): unknown;
  resume(): unknown;
  pause(): unknown;
  on(event: 'data', listener: (chunk: Buffer | string) => void): unknown;
  off(event: 'data', listener: (chunk: Buffer | string) => void): unknown;
}

/**
 * Hands over each key as it is pressed. Without a terminal there are none.
 * @returns what gives the terminal back
 */
export function onKeys(input: KeyInput, onKey: (key: string) => void): () => void {
  if (!input.isTTY) return () => {};
  const listener = (chunk: Buffer | string) => {
    const text = String(chunk);
    // An arrow or a function key is one press of several characters, and none of ours.
    if (text.startsWith('\u001b')) return;
    for (const key of text) onKey(key);
  };
  input.setRawMode?.(true);
  input.on('data', listener);
  input.resume();
  return () => {
    input.off('data', listener);
    input.setRawMode?.(false);
    input.pause();
  };
}
