import { expect, test } from 'vitest';
import { diagnose } from '../src/log-diagnosis.ts';

// Lines as the servers write them.
test.each([
  [
    'disk-full',
    '2026-03-01  4:30:54 0 [ERROR] InnoDB: preallocating 12582912 bytes for file ./ibtmp1 failed with error 28',
  ],
  [
    'disk-full',
    'mariadbd: Disk is full writing \'./mysql/user.MAD\' (Errcode: 28 "No space left on device"). Waiting for someone to free space...',
  ],
  [
    'disk-full',
    '[ERROR] [MY-012814] [InnoDB] Write to file ./ibdata1 failed at offset 1048576, 1048576 bytes should have been written, only 0 were written. Operating system error number 28.',
  ],
  ['disk-full', '1234:M 01 Mar 2026 04:30:54.100 # Write error saving DB on disk: No space left on device'],
  ['port-taken', "[ERROR] Can't start server: Bind on TCP/IP port. Got error: 98: Address already in use"],
  [
    'port-taken',
    '1234:M 01 Mar 2026 04:30:54.100 # Warning: Could not create server TCP listening socket 127.0.0.1:6379: bind: Address already in use',
  ],
  ['start-failed', '[ERROR] [MY-012574] [InnoDB] Unable to lock ./ibdata1 error: 11'],
  [
    'start-failed',
    "[ERROR] mariadbd: Can't lock aria control file '/x/aria_log_control' for exclusive use, error: 11. Will retry for 30 seconds",
  ],
  [
    'start-failed',
    "[ERROR] mysqld: Can't create/write to file '/home/me/data/mysqld_tmp' (OS errno 13 - Permission denied)",
  ],
  ['other-brand', "1234:M 01 Mar 2026 04:30:54.100 # Can't handle RDB format version 12"],
  [
    'other-brand',
    '[ERROR] [MY-013171] [InnoDB] Cannot boot server version 80400 on data directory built by version 90100. Downgrade is not supported',
  ],
])('%s: %s', (code, line) => {
  expect(diagnose(`a line before\n${line}\na line after`)).toMatchObject({ code });
});

test.each([
  '2026-03-01  4:30:54 0 [Warning] mariadbd: io_uring_queue_init() failed with ENOMEM: Cannot allocate memory',
  '1234:M 01 Mar 2026 04:30:54.100 # WARNING Memory overcommit must be enabled! Permission denied',
  '2026-03-01  4:30:54 0 [Note] mariadbd: ready for connections.',
  '',
])('nothing is read into %s', (line) => {
  expect(diagnose(line)).toBeUndefined();
});
