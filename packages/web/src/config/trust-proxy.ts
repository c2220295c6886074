import { isIP } from 'node:net';

/**
 * Whose word is taken for a visitor's address, in Express's terms: nobody's, that of so many proxies in a row, or of
 * proxies at these addresses.
 */
export type TrustProxy = false | number | readonly string[];

/** Ranges that Express knows by name. */
const NAMED = new Set(['loopback', 'linklocal', 'uniquelocal']);
const MAX_HOPS = 10;

/** Undefined for what cannot work; so is `true`, which would believe whoever asks. */
export function readTrustProxy(text: string): TrustProxy | undefined {
  if (text === 'none') return false;
  if (/^\d+$/.test(text)) {
    const hops = Number(text);
    return hops >= 1 && hops <= MAX_HOPS ? hops : undefined;
  }
  const addresses = text.split(',').map((address) => address.trim());
  return addresses.every((address) => NAMED.has(address) || isRange(address)) ? addresses : undefined;
}

/** An address, or a range such as 10.0.0.0/16. */
function isRange(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  if (bits === 0 || more.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
}
