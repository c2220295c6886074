import { describe, expect, it } from 'vitest';
import { InvalidationLog } from '../../src/near/invalidation-log.ts';

describe('InvalidationLog', () => {
  it('knows what came after a position, and not what came before', () => {
    const log = new InvalidationLog();
    log.add('early');
    const { position } = log;
    log.add('late');
    expect(['early', 'late', 'never'].map((name) => log.hasSince(name, position))).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('takes everything for invalidated when everything was', () => {
    const log = new InvalidationLog();
    const { position } = log;
    log.addAll();
    expect([log.hasSince('never', position), log.hasSince('never', log.position)]).toEqual([true, false]);
  });

  it('never forgets one that a reader has to know of, though its memory is bounded', () => {
    const log = new InvalidationLog();
    const { position } = log;
    log.add('first');
    for (let count = 0; count < 100_000; count++) {
      log.add(`other ${count}`);
      if (count % 1_000 === 0) expect(log.hasSince('first', position)).toBe(true);
    }
    expect(log.hasSince('first', log.position)).toBe(false);
  });
});
