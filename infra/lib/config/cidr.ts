import { isIPv4, isIPv6 } from 'node:net';

/** The widest range that counts as somebody's own network: 65,536 addresses. */
const WIDEST = 16;
export const EVERYONE = '0.0.0.0/0';

/** What is wrong with a range of visitors' addresses, as the rest of a sentence; undefined if nothing is. */
export function rangeProblem(text: string): string | undefined {
  const [address = '', prefix = '', ...more] = text.split('/');
  if (isIPv6(address)) return `must be an IPv4 range: the network has no IPv6 addresses. ${OWN}`;
  if (!isIPv4(address)) return `must be an IPv4 range such as 203.0.113.7/32, not ${JSON.stringify(text)}`;
  if (prefix === '' && more.length === 0)
    return `must say how wide the range is: ${address}/32 is this address alone`;
  if (!/^\d{1,2}$/.test(prefix) || Number(prefix) > 32 || more.length > 0) {
    return `must end in a number of bits from 0 to 32, as in ${address}/32, not ${JSON.stringify(text)}`;
  }
  const bits = Number(prefix);
  const first = firstAddress(address, bits);
  if (first !== address)
    return `must begin with the range's first address: ${first}/${bits}, or ${address}/32`;
  if (bits < WIDEST && text !== EVERYONE) {
    return `must be a range of /${WIDEST} or narrower, or ${EVERYONE} with everyone=true. ${OWN}`;
  }
  return undefined;
}

const OWN = 'Your own address: curl -4 https://checkip.amazonaws.com, and /32 behind it';

function firstAddress(address: string, bits: number): string {
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - bits);
  const first = Math.floor(value / size) * size;
  return [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.');
}
