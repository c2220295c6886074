import { describe, expect, it, vi } from 'vitest';
import type { FaultChange } from '../../src/faults/faults.ts';
import { Faults } from '../../src/faults/faults.ts';
import { expectWell, startRedis, withTrouble } from './support.ts';

const NAMES = ['stop', 'slow', 'hang', 'fill', 'evict'] as const;

/** What was told, in order: `stop broken`. */
function listen(faults: Faults): string[] {
  const told: string[] = [];
  faults.on('change', ({ name, what }: FaultChange) => told.push(`${name} ${what}`));
  return told;
}

describe('one fault at a time', () => {
  it('the next begins once the one before is mended', async () => {
    const redis = await startRedis();
    const faults = new Faults(redis);
    const told = listen(faults);
    for (const name of NAMES) await faults.begin(name);
    expect(faults.active).toMatchObject({ name: 'evict', phase: 'on' });
    await faults.mend();
    await faults.mend();
    expect(told).toEqual(NAMES.flatMap((name) => [`${name} broken`, `${name} mended`]));
    await expectWell(redis);
  });

  it('in the order in which they were asked for, however close together', async () => {
    const redis = await startRedis();
    const faults = new Faults(redis);
    const told = listen(faults);
    await Promise.all([
      faults.begin('stop'),
      faults.begin('hang'),
      faults.mend(),
      faults.begin('slow'),
      faults.begin('fill'),
      faults.mend(),
    ]);
    const expected = ['stop', 'hang', 'slow', 'fill'].flatMap((name) => [`${name} broken`, `${name} mended`]);
    expect(told).toEqual(expected);
    await expectWell(redis);
  });

  it('whatever is asked for in whatever order, mending mends it', async () => {
    const redis = await startRedis();
    const faults = new Faults(redis);
    // Each order of two, with a mending between the asking for them and none waited for.
    for (const first of NAMES) {
      for (const second of NAMES) {
        const asked = [
          faults.begin(first),
          faults.mend(),
          faults.begin(second, { seconds: 1 }),
          faults.mend(),
        ];
        await Promise.all(asked);
        await expectWell(redis);
      }
    }
  });

  it('turns away those for whom the line is too long', async () => {
    const redis = await startRedis();
    const faults = new Faults(redis);
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => faults.begin('hang')));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(8);
    const refused = asked.find((each) => each.status === 'rejected');
    expect(refused?.reason).toMatchObject({ name: 'FaultError', status: 409 });
    await faults.mend();
    await expectWell(redis);
  });

  it('a time that is up mends its own fault, and not the next', async () => {
    const redis = await startRedis();
    const faults = new Faults(redis);
    const told = listen(faults);
    await faults.begin('hang', { seconds: 1 });
    await faults.begin('stop', { seconds: 120 });
    // The first one's second is over when this one's is.
    const other = new Faults(await startRedis());
    await other.begin('hang', { seconds: 1 });
    await vi.waitFor(() => expect(other.active).toBeUndefined(), { timeout: 20_000 });
    expect(faults.active).toMatchObject({ name: 'stop', phase: 'on' });
    await faults.mend();
    expect(told).toEqual(['hang broken', 'hang mended', 'stop broken', 'stop mended']);
  });
});

describe('what goes wrong', () => {
  it('half-way through a fault: Redis is started anew', async () => {
    const redis = await startRedis();
    const fill = () => Promise.reject(new Error('The disk is on fire.'));
    const faults = new Faults(withTrouble(redis, { fill }));
    await redis.ask('SET', 'key', 'value');
    await expect(faults.begin('fill')).rejects.toMatchObject({
      name: 'FaultError',
      status: 500,
      message: 'The disk is on fire. Redis was started anew.',
    });
    expect(faults.active).toBeUndefined();
    expect(await redis.ask('GET', 'key')).toBeNull();
    await expectWell(redis);
  });

  it.each(NAMES)('while it is on (%s), as when somebody else kills the server', async (name) => {
    const redis = await startRedis();
    const faults = new Faults(redis);
    await faults.begin(name);
    await redis.kill('SIGKILL');
    await faults.mend();
    await expectWell(redis);
  });

  it('in the mending: it says so, and can be asked for again', async () => {
    const redis = await startRedis();
    let isBroken = true;
    const restart = () => (isBroken ? Promise.reject(new Error('No memory left.')) : redis.restart());
    const faults = new Faults(withTrouble(redis, { restart }));
    const told = listen(faults);
    await faults.begin('stop');
    await expect(faults.mend()).rejects.toMatchObject({ title: 'Redis does not come back', status: 500 });
    expect(faults.active).toMatchObject({ name: 'stop', phase: 'on', trouble: 'No memory left.' });
    await expect(faults.begin('hang')).rejects.toMatchObject({ title: 'Redis does not come back' });
    isBroken = false;
    await faults.mend();
    expect(told).toEqual(['stop broken', 'stop failed', 'stop failed', 'stop mended']);
    await expectWell(redis);
  });

  it('in the mending by itself: it is tried again', async () => {
    const redis = await startRedis();
    let failures = 0;
    const restart = () => {
      failures += 1;
      // Twice for the first mending: its own restart, and the one that always helps.
      return failures <= 2 ? Promise.reject(new Error('No memory left.')) : redis.restart();
    };
    const faults = new Faults(withTrouble(redis, { restart }));
    await faults.begin('stop', { seconds: 1 });
    await vi.waitFor(() => expect(faults.last).toMatchObject({ what: 'failed' }), { timeout: 20_000 });
    await vi.waitFor(() => expect(faults.active).toBeUndefined(), { timeout: 20_000 });
    await expectWell(redis);
  });
});

describe('close', () => {
  it.each(NAMES)('mends what is on, or only beginning (%s), and lets nothing else begin', async (name) => {
    const redis = await startRedis();
    const faults = new Faults(redis);
    const beginning = faults.begin(name, { seconds: 120 });
    await vi.waitFor(() => expect(faults.active).toBeDefined(), { interval: 0 });
    await Promise.all([beginning, faults.close()]);
    await expect(faults.begin('stop')).rejects.toMatchObject({ status: 409 });
    await expectWell(redis);
    await faults.close();
  });
});
