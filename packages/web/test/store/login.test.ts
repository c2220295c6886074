import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Credentials } from '../../src/config/secret.ts';
import { Login, SecretUnchangedError } from '../../src/store/login.ts';

const OLD = { user: 'app', password: 'old' };
const NEW = { user: 'app', password: 'new' };

function start({ refreshMs = 0, credentials = OLD }: { refreshMs?: number; credentials?: Credentials } = {}) {
  const clock = { ms: 0 };
  const read = vi.fn<() => Promise<Credentials>>().mockResolvedValue(NEW);
  const onError = vi.fn<(error: unknown) => void>();
  const secret = { name: 'workshop/db', read };
  const login = new Login({ engine: 'mysql', credentials, secret, refreshMs, onError, now: () => clock.ms });
  onTestFinished(() => login.close());
  return { login, read, onError, clock };
}

describe('Login', () => {
  it('asks once for all that are refused at once, and tells of the change once', async () => {
    const { login, read } = start();
    const changes: Credentials[] = [];
    login.onChange((credentials) => changes.push(credentials));
    const renewed = await Promise.all(Array.from({ length: 20 }, () => login.renew(OLD)));
    expect(renewed).toEqual(Array.from({ length: 20 }, () => NEW));
    expect(read).toHaveBeenCalledTimes(1);
    expect(changes).toEqual([NEW]);
    expect(login.current).toEqual(NEW);
  });

  it('does not ask for one who comes late with what was replaced already', async () => {
    const { login, read } = start();
    await login.renew(OLD);
    expect(await login.renew(OLD)).toEqual(NEW);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('says that the secret has not changed, and asks again only after 5 s', async () => {
    const { login, read, clock } = start();
    read.mockResolvedValue(OLD);
    const refused = login.renew(OLD);
    await expect(refused).rejects.toThrow(SecretUnchangedError);
    await expect(refused).rejects.toThrow(
      /^MySQL refuses the user and password of the secret workshop\/db, which has not changed\./,
    );
    read.mockResolvedValue(NEW);
    clock.ms = 4_999;
    await expect(login.renew(OLD)).rejects.toThrow(SecretUnchangedError);
    expect(read).toHaveBeenCalledTimes(1);
    clock.ms = 5_000;
    expect(await login.renew(OLD)).toEqual(NEW);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('takes a new user with the same password for a change', async () => {
    const { login, read } = start();
    const other = { user: 'app_clone', password: 'old' };
    read.mockResolvedValue(other);
    expect(await login.renew(OLD)).toEqual(other);
  });

  it('passes on why the secret cannot be asked for', async () => {
    const { login, read, clock } = start();
    read.mockRejectedValueOnce(new Error('no network'));
    await expect(login.renew(OLD)).rejects.toThrow('no network');
    clock.ms = 5_000;
    expect(await login.renew(OLD)).toEqual(NEW);
  });

  it('looks now and then, and goes on with what it has when that fails', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { login, read, onError, clock } = start({ refreshMs: 60_000 });
    read.mockRejectedValueOnce(new Error('no network'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onError).toHaveBeenCalledWith(new Error('no network'));
    expect(login.current).toEqual(OLD);
    clock.ms = 60_000;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(login.current).toEqual(NEW);
    login.close();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(read).toHaveBeenCalledTimes(2);
  });
});
