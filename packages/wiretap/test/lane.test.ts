import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Gate } from '../src/gate.ts';
import { Lane } from '../src/lane.ts';

/** A lane between a source that notes whether it is paused, and a sink that takes nothing until it is told to. */
function setUp({ highWaterMark = 1024 } = {}): {
  lane: Lane;
  source: { isPaused: boolean };
  writes: string[];
  /** Takes what has been written; resolves when the sink has said that it wants more. */
  drain: () => Promise<void>;
} {
  const source = {
    isPaused: false,
    pause: () => {
      source.isPaused = true;
    },
    resume: () => {
      source.isPaused = false;
    },
  };
  const writes: string[] = [];
  const taken: (() => void)[] = [];
  const sink = new Writable({
    highWaterMark,
    decodeStrings: true,
    write(chunk: Buffer, _, done) {
      writes.push(chunk.toString());
      taken.push(done);
    },
    writev(chunks, done) {
      writes.push(chunks.map(({ chunk }) => String(chunk)).join('|'));
      taken.push(done);
    },
    final(done) {
      writes.push('(end)');
      done();
    },
  });
  return {
    lane: new Lane(source as never, sink),
    source,
    writes,
    async drain() {
      const drained = sink.writableNeedDrain
        ? new Promise((resolve) => sink.once('drain', resolve))
        : undefined;
      while (taken.length > 0) {
        taken.shift()!();
        await new Promise((resolve) => process.nextTick(resolve));
      }
      await drained;
    },
  };
}

describe('Lane', () => {
  it('writes neighbours in memory as one, and others in one go', () => {
    const { lane, writes } = setUp();
    const chunk = Buffer.from('abcdef');
    lane.put(chunk.subarray(0, 2));
    lane.put(chunk.subarray(2, 3));
    lane.put(() => chunk.subarray(3));
    lane.flush();
    expect(writes).toEqual(['abcdef']);
  });

  it('keeps all behind a closed gate, in order, steps included', () => {
    const { lane, writes } = setUp();
    const [first, second] = [new Gate(false), new Gate(true)];
    const steps: number[] = [];
    lane.put(first);
    lane.put(Buffer.from('a'));
    lane.put(second);
    lane.put(() => {
      steps.push(1);
      return Buffer.from('b');
    });
    lane.flush();
    expect([writes, lane.isHeld]).toEqual([[], false]);
    first.open();
    expect([writes, steps, lane.isHeld]).toEqual([['a'], [], true]);
    second.open();
    expect([steps, lane.isHeld]).toEqual([[1], false]);
  });

  it('does not wait at a gate that is open', () => {
    const { lane, writes } = setUp();
    const gate = new Gate(true);
    gate.open();
    lane.put(gate);
    lane.put(Buffer.from('a'));
    lane.flush();
    expect(writes).toEqual(['a']);
  });

  it('ends the sink in its turn', async () => {
    const { lane, writes, drain } = setUp();
    const gate = new Gate(true);
    lane.put(gate);
    lane.put(Buffer.from('a'));
    lane.end();
    gate.open();
    expect(writes).toEqual(['a']);
    await drain();
    expect(writes).toEqual(['a', '(end)']);
  });

  it('does not read on while the sink is full', async () => {
    const { lane, source, drain } = setUp({ highWaterMark: 10 });
    lane.put(Buffer.alloc(9));
    lane.flush();
    expect(source.isPaused).toBe(false);
    lane.put(Buffer.alloc(9));
    lane.flush();
    expect(source.isPaused).toBe(true);
    await drain();
    expect(source.isPaused).toBe(false);
  });

  it('does not read on while a megabyte waits behind a gate', () => {
    const { lane, source } = setUp({ highWaterMark: 10 * 1024 * 1024 });
    const gate = new Gate(true);
    lane.put(gate);
    lane.put(Buffer.alloc(1024 * 1024));
    expect(source.isPaused).toBe(false);
    lane.put(() => Buffer.alloc(1), 1);
    expect(source.isPaused).toBe(true);
    gate.open();
    expect(source.isPaused).toBe(false);
  });

  it('forgets what waits once it is disposed of', () => {
    const { lane, writes } = setUp();
    const gate = new Gate(true);
    lane.put(gate);
    lane.put(Buffer.from('a'));
    lane.dispose();
    gate.open();
    lane.put(Buffer.from('b'));
    lane.flush();
    expect(writes).toEqual([]);
  });
});
