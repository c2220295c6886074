import { connect } from 'node:net';
import { createConnection } from 'mysql2';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import type { MysqlEvent } from '../../src/index.ts';
import { packet, uint32 } from '../support/mysql-bytes.ts';
import { mysqlTap } from '../support/taps.ts';

const READ_ONLY_CURSOR = 1;

describe('a cursor at the real server', () => {
  it('gives its rows as they are fetched, and the end of each fetch is known', async () => {
    const tap = await mysqlTap();
    // mysql2 has no cursors: it logs in, and then its socket is ours.
    const socket = connect(tap.port, tap.host);
    onTestFinished(() => void socket.destroy());
    const url = new URL(inject('mysqlUrl'));
    const client = createConnection({ uri: url.href, stream: socket });
    client.on('error', () => undefined);
    await new Promise((resolve) => client.once('connect', resolve));
    socket.removeAllListeners('data').resume();

    const ask = async (
      kind: MysqlEvent['kind'],
      ...payload: (Buffer | string | number[])[]
    ): Promise<MysqlEvent> => {
      const from = tap.record.mark();
      socket.write(packet(0, ...payload));
      const isAnswer = (event: { store: string; kind: string; endedAt?: number }): event is MysqlEvent =>
        event.kind === kind && event.endedAt !== undefined;
      return tap.record.waitFor(isAnswer, { timeoutMs: 10_000, from, what: `the reply to ${kind}` });
    };

    const sql = 'SELECT n FROM (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3) AS numbers';
    const { statement } = await ask('prepare', [0x16], sql);
    const executed = await ask('execute', [0x17], uint32(statement!), [READ_ONLY_CURSOR], uint32(1));
    expect(executed).toMatchObject({ sql, result: { rows: 0, columns: ['n'] } });
    const fetches = [
      await ask('other', [0x1c], uint32(statement!), uint32(2)),
      await ask('other', [0x1c], uint32(statement!), uint32(2)),
    ];
    expect(fetches).toMatchObject([
      { command: 'COM_STMT_FETCH', sql, result: { rows: 2 } },
      { command: 'COM_STMT_FETCH', sql, result: { rows: 1 } },
    ]);
    await ask('ping', [0x0e]);
  });
});
