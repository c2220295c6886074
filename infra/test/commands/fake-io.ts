import { stripVTControlCharacters } from 'node:util';
import type { Io } from '../../commands/io.ts';

export interface FakeIo extends Io {
  /** All that was said, without colours. */
  readonly text: () => string;
  /** What was asked. */
  readonly questions: string[];
}

/** Waiting takes no time here, but the clock moves on by it. */
export function fakeIo(answers?: readonly string[]): FakeIo {
  const said: string[] = [];
  const questions: string[] = [];
  const left = [...(answers ?? [])];
  let now = Date.parse('2026-11-01T12:00:00Z');
  return {
    say: (text) => void said.push(stripVTControlCharacters(text)),
    ask:
      answers === undefined
        ? undefined
        : (question) => {
            questions.push(question);
            return Promise.resolve(left.shift() ?? '');
          },
    pause: (ms) => {
      now += ms;
      return new Promise((resolve) => {
        setImmediate(resolve);
      });
    },
    now: () => new Date(now),
    text: () => said.join('\n'),
    questions,
  };
}
