import type { EngineContext, EngineKind } from '../engine-context.ts';
import { EngineError } from '../engine-error.ts';
import { DATABASE } from '../native-mysql.ts';
import { probeMysql, ProbeError, probeRedis, splitMysqlUrl } from '../probe.ts';
import type { Outcome, Provider } from './provider.ts';

// A server far away, or one that is waking up, answers within this or is as good as away.
const TIMEOUT_MS = 10_000;

/** Servers whose URLs were given in `MYSQL_URL` and `REDIS_URL`, each on its own. Never started, stopped or emptied. */
export const givenProvider: Provider = {
  async up(wanted, { settings }) {
    const outcomes: Outcome[] = [];
    for (const kind of wanted) {
      const url = givenUrl(kind, settings);
      if (!url)
        outcomes.push({
          kind,
          why: kind === 'cluster' ? 'a cluster is always our own' : `${variableOf(kind)} is not set`,
        });
      else outcomes.push({ kind, engine: { source: 'given', url, ...(await askGiven(kind, url)) } });
    }
    return outcomes;
  },
};

/** The URL given for a kind, with a database in it. */
export function givenUrl(kind: EngineKind, settings: EngineContext['settings']): string | undefined {
  if (kind === 'redis') return settings.redisUrl;
  if (kind === 'cluster' || !settings.mysqlUrl) return undefined;
  const url = new URL(settings.mysqlUrl);
  if (splitMysqlUrl(url.href).database === '') url.pathname = `/${DATABASE}`;
  return url.href;
}

/** @throws {EngineError} that says what is wrong with the URL; it never shows its password. */
export async function askGiven(kind: EngineKind, url: string, timeoutMs = TIMEOUT_MS) {
  try {
    return await (kind === 'mysql' ? probeMysql(url, { timeoutMs }) : probeRedis(url, { timeoutMs }));
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    const name = variableOf(kind);
    const where = withoutPassword(url);
    const { code, says } = {
      denied: {
        code: 'access-denied' as const,
        says: `${name} names a server that refuses its user name or password (${where}). Correct them in ${name}.`,
      },
      'no-database': {
        code: 'access-denied' as const,
        says: `${name} names a database that is not there, and its user may not make it (${where}). Make it, or name another.`,
      },
      busy: {
        code: 'unreachable' as const,
        says: `${name} names a server that is too busy, or just starting or stopping (${where}): ${error.message}. Try again.`,
      },
      unreachable: {
        code: 'unreachable' as const,
        says: `${name} names a server that does not answer (${where}): ${error.message || 'no reason given'}. Start it, correct ${name}, or unset ${name} to have one run here.`,
      },
    }[error.trouble];
    throw new EngineError(code, says, { cause: error });
  }
}

/** A URL that may be shown. */
export function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.password = '';
  // A password may also hide in a parameter.
  shown.search = '';
  if (shown.protocol !== 'mysql:') shown.username = '';
  return shown.href.replace('://@', '://');
}

const variableOf = (kind: EngineKind) => (kind === 'mysql' ? 'MYSQL_URL' : 'REDIS_URL');
