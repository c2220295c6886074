import { describe, expect, it } from 'vitest';
import { Fifo } from '../src/fifo.ts';

describe('Fifo', () => {
  it('gives back in order what was put in, however long it grows', () => {
    const queue = new Fifo<number>();
    const out: number[] = [];
    for (let i = 0; i < 10_000; i += 1) {
      queue.push(i);
      if (i % 3 === 0) out.push(queue.shift()!);
    }
    expect(queue.length).toBe(10_000 - out.length);
    while (queue.length > 0) {
      expect(queue.first).toBe(out.length);
      out.push(queue.shift()!);
    }
    expect(out).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
    expect([queue.shift(), queue.first]).toEqual([undefined, undefined]);
  });
});
