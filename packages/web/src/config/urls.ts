import type { Credentials } from './secret.ts';

/** `user:password@` for a URL, whatever characters are in them. */
export function userInfo({ user, password }: Credentials): string {
  return `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
}

/** Whom a URL names, '' where it names nobody. */
export function credentialsOf(url: string): Credentials {
  const { username, password } = new URL(url);
  return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
}

/** A URL that may be shown: the password as ***, and none of the parameters, where another may hide. */
export function withoutPassword(url: string): string {
  const shown = new URL(url);
  if (shown.password !== '') shown.password = '***';
  shown.search = '';
  shown.hash = '';
  return shown.href;
}

/** A MySQL URL that names a database, as every query here needs one. */
export function withDatabase(url: string, database: string): string {
  const named = new URL(url);
  if (named.pathname.length <= 1) named.pathname = `/${database}`;
  return named.href;
}
