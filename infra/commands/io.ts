import { createInterface } from 'node:readline/promises';
import { setTimeout } from 'node:timers/promises';

/** What a command needs of the world beside AWS. */
export interface Io {
  say(text: string): void;
  /** Undefined where there is nobody to answer. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /** Lets some time pass before something is asked for again. */
  pause(ms: number): Promise<void>;
  now(): Date;
}

export function terminal(): Io {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  return {
    say: (text) => console.log(text),
    ask: isTerminal ? askHere : undefined,
    pause: (ms) => setTimeout(ms),
    now: () => new Date(),
  };
}

async function askHere(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  // Ctrl-D and Ctrl-C are answers too: no.
  const closed = new Promise<string>((resolve) => {
    lines.once('close', () => resolve('\n'));
  });
  try {
    const answer = await Promise.race([lines.question(question), closed]);
    // What is said next begins on a line of its own.
    if (answer === '\n') process.stdout.write('\n');
    return answer.trim();
  } finally {
    lines.close();
  }
}
