import { expect, test } from 'vitest';
import { Heartbeat } from '../../src/sandbox/heartbeat.ts';

/** A process that answers at once, with a clock that goes on by 10 ms at each word. */
function processAt(startMs: number) {
  let ms = startMs;
  let words = 0;
  let asked = 0;
  const heartbeat = new Heartbeat(async (goesOn) => {
    asked += 1;
    if (goesOn) words += 1;
    return ms + words * 10;
  });
  const reached = async (limitMs: number) =>
    await new Promise<void>((resolve) => {
      const over = heartbeat.limit(limitMs, () => {
        over();
        resolve();
      });
    });
  return {
    heartbeat,
    reached,
    words: () => words,
    asked: () => asked,
    jump: (by: number) => void (ms += by),
  };
}

test('a limit goes by the clock of the process, from when it was set', async () => {
  const { reached, words } = processAt(60_000);
  await reached(200);
  expect(words()).toBeGreaterThanOrEqual(20);
});

test('what passes between two limits counts for neither', async () => {
  const { reached, asked, jump } = processAt(0);
  await reached(100);
  jump(60_000);
  const before = asked();
  await reached(100);
  expect(asked() - before).toBeGreaterThanOrEqual(10);
});

test('while something is under way the clock gets no word, but not for ever', async () => {
  const { heartbeat, reached, words, asked } = processAt(0);
  let isAtRest = true;
  heartbeat.pace(() => (isAtRest ? 'goes' : 'waits'));
  await reached(200);
  isAtRest = false;
  const [wordsBefore, askedBefore] = [words(), asked()];
  await reached(200);
  heartbeat.end();
  expect(words() - wordsBefore).toBeLessThan(25);
  expect(asked() - askedBefore).toBeGreaterThan(80);
});

test('while its clock stands it gets no word at all', async () => {
  const { heartbeat, reached, words, asked } = processAt(0);
  heartbeat.pace(() => 'stands');
  await reached(20);
  heartbeat.end();
  expect(words()).toBe(0);
  expect(asked()).toBeGreaterThan(5);
});

test('a process that does not answer reaches the limit too', async () => {
  const heartbeat = new Heartbeat(async () => await new Promise(() => {}));
  const reached = await new Promise<boolean>((resolve) => void heartbeat.limit(100, () => resolve(true)));
  heartbeat.end();
  expect(reached).toBe(true);
});
