import type { Mock } from 'vitest';
import { describe, expect, it, vi } from 'vitest';
import { Deadlines } from '../../src/redis/deadlines.ts';

function deadline(limitMs: number): { dueAt: number; isWanted: boolean; expire: Mock<() => void> } {
  return { dueAt: performance.now() + limitMs, isWanted: true, expire: vi.fn<() => void>() };
}

describe('deadlines of one limit', () => {
  it('expire those that are still wanted, and no other', async () => {
    const deadlines = new Deadlines(20);
    const all = [deadline(20), deadline(20), deadline(20)] as const;
    for (const each of all) deadlines.add(each);
    all[1].isWanted = false;
    await vi.waitFor(() => expect(all[2].expire).toHaveBeenCalledTimes(1), { timeout: 20_000 });
    expect(all.map(({ expire }) => expire.mock.calls.length)).toEqual([1, 0, 1]);
  });

  it('let go of what has ended long before a long limit is over', async () => {
    const deadlines = new Deadlines(3_600_000);
    const [ended, open] = [deadline(3_600_000), deadline(3_600_000)];
    deadlines.add(ended);
    deadlines.add(open);
    ended.isWanted = false;
    expect(deadlines.size).toBe(2);
    await vi.waitFor(() => expect(deadlines.size).toBe(1), { timeout: 20_000 });
    open.isWanted = false;
    await vi.waitFor(() => expect(deadlines.size).toBe(0), { timeout: 20_000 });
    expect([ended, open].map(({ expire }) => expire.mock.calls.length)).toEqual([0, 0]);
  });
});
