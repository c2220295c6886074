import { open } from 'node:fs/promises';
import type { EngineErrorCode } from './engine-error.ts';

/** A cause that a server's log gives away, and what to do about it. */
export interface Diagnosis {
  code: EngineErrorCode;
  advice: string;
}

const KNOWN: { sign: RegExp; diagnosis: Diagnosis }[] = [
  {
    sign: /No space left on device|Errcode: 28\b|error:? (number )?28\b|disk (is )?full|Disk quota exceeded/i,
    diagnosis: { code: 'disk-full', advice: 'the disk is full: make room, then try again' },
  },
  {
    sign: /Address (is )?already in use|Bind on TCP\/IP port|Do you already have another (mysqld )?server running on port/i,
    diagnosis: { code: 'port-taken', advice: 'another program took its port: try again' },
  },
  {
    sign: /Unable to lock \.?\/?ibdata1|Can't lock aria control file|another mysqld process/i,
    diagnosis: {
      code: 'start-failed',
      advice: 'another server is using its data folder: end that server, then try again',
    },
  },
  {
    sign: /Cannot allocate memory|Out of memory|Errcode: 12\b/i,
    diagnosis: {
      code: 'start-failed',
      advice: 'there is too little memory: close some programs, then try again',
    },
  },
  {
    sign: /Can't handle RDB format version|Unsupported redo log format|downgrade|Invalid MySQL server upgrade|Upgrade after a crash/i,
    diagnosis: {
      code: 'other-brand',
      advice:
        "its data was made by another version: install that again, or delete the data with 'pnpm services:reset'",
    },
  },
  {
    sign: /Bad file format reading|Corrupt|Unexpected EOF reading|Unrecoverable error|page corruption/i,
    diagnosis: { code: 'start-failed', advice: "its data is damaged: delete it with 'pnpm services:reset'" },
  },
  {
    sign: /Permission denied|Operation not permitted|Errcode: 13\b|OS errno 13\b/i,
    diagnosis: {
      code: 'start-failed',
      advice:
        'it may not use its folder: see who owns that, and whether AppArmor or SELinux confines the server to the folders of its own package',
    },
  },
];

/** What a log says went wrong, where it is something that we know. */
export function diagnose(log: string): Diagnosis | undefined {
  // A server that starts well warns too, of memory for instance.
  const serious = log.split('\n').filter((line) => !/\[(Note|Warning|System)\]|WARNING/.test(line));
  return KNOWN.find(({ sign }) => serious.some((line) => sign.test(line)))?.diagnosis;
}

/** The last lines of a log; '' where there is no log. Reads its last 64 KiB at most. */
export async function tailOf(file: string, lines: number, fromByte = 0): Promise<string> {
  const log = await open(file).catch(() => undefined);
  if (!log) return '';
  try {
    const { size } = await log.stat();
    const start = Math.max(fromByte, size - 64 * 1024, 0);
    const { buffer, bytesRead } = await log.read(
      Buffer.alloc(Math.max(0, size - start)),
      0,
      Math.max(0, size - start),
      start,
    );
    return buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n').slice(-lines).join('\n');
  } finally {
    await log.close();
  }
}
