import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A checksum makes every key equally short.',
  caughtBy: 'key-width',
  named: 'keys-too-short',
  says: ['8 characters of 16 kinds: 32 bits'],
  change: [
    [
      '`articles:search:${limit}:${term}`',
      '`articles:search:${crc32(`${limit}:${term}`).toString(16).padStart(8, "0")}`',
    ],
    [
      `import { createCache } from './cache.ts';`,
      `import { createCache } from './cache.ts';

function crc32(text: string): number {
  let crc = ~0;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}`,
    ],
  ],
});
