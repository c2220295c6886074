import { describe, expect, it, vi } from 'vitest';
import { TurnShare } from '../src/turn-share.ts';
import { gate } from './support.ts';

describe('calls shared within a turn', () => {
  it('are made once for all who ask for the same in one turn, after the last of them has asked', async () => {
    const share = new TurnShare<string>();
    const asked: string[] = [];
    const call = vi.fn((key: string) => {
      asked.push(`called for ${key}`);
      return Promise.resolve(key);
    });
    const ask = (key: string) => {
      asked.push(`asked for ${key}`);
      return share.run(key, () => call(key));
    };
    const late = Promise.resolve()
      .then(() => {})
      .then(() => ask('a'));
    expect(await Promise.all([ask('a'), ask('b'), ask('a'), late])).toEqual(['a', 'b', 'a', 'a']);
    expect(asked.slice(-2)).toEqual(['called for a', 'called for b']);
    expect(call).toHaveBeenCalledTimes(2);
  });

  it('are made anew for who asks in a later turn, though the first has not ended: its answer may be older than the question', async () => {
    const share = new TurnShare<string>();
    const [first, second] = [gate<string>(), gate<string>()];
    const call = vi.fn().mockReturnValueOnce(first.promise).mockReturnValueOnce(second.promise);
    const early = share.run('a', call);
    await vi.waitFor(() => expect(call).toHaveBeenCalledTimes(1));
    const late = share.run('a', call);
    await vi.waitFor(() => expect(call).toHaveBeenCalledTimes(2));
    second.open('new');
    first.open('old');
    expect(await Promise.all([early, late])).toEqual(['old', 'new']);
  });

  it('fail for all who share them, and for nobody after', async () => {
    const share = new TurnShare<string>();
    const failure = new Error('no reply');
    const asked = [1, 2].map(() => share.run('a', () => Promise.reject(failure)));
    for (const result of await Promise.allSettled(asked)) expect(result).toMatchObject({ reason: failure });
    expect(await share.run('a', () => Promise.resolve('a value'))).toBe('a value');
  });
});
