import { WiretapOptionError } from '../errors.ts';
import type { MysqlEvent } from '../events.ts';
import { openTap } from '../proxy.ts';
import type { MysqlTap, TapOptions } from '../tap.ts';
import { createMysqlSession } from './session.ts';
import { encodeErrorPacket, errorDetail, type MysqlFailure } from './status-packets.ts';

/**
 * Opens a wiretap before a MySQL or MariaDB server. What passes is changed in one place: the server's greeting offers
 * neither TLS nor compression, so that the rest can be read.
 */
export async function createMysqlTap(options: TapOptions): Promise<MysqlTap> {
  return openTap<MysqlEvent, MysqlFailure>(options, {
    store: 'mysql',
    connectEvent: (base) => ({ store: 'mysql', kind: 'connect', ...base }),
    checkFailure,
    turnAway(event, failure) {
      const error = errorDetail(failure);
      event.result = { error };
      return encodeErrorPacket(error, 0);
    },
    createSession: createMysqlSession,
  });
}

function checkFailure(failure: MysqlFailure): void {
  const { code, message, sqlState } = failure;
  if (!Number.isInteger(code) || code < 1 || code > 0xfffe) {
    throw new WiretapOptionError('error.code', code, "a number of MySQL's, 1 to 65534");
  }
  if (typeof message !== 'string') throw new WiretapOptionError('error.message', message, 'a text');
  if (sqlState !== undefined && !/^[0-9A-Z]{5}$/.test(sqlState)) {
    throw new WiretapOptionError('error.sqlState', sqlState, 'five digits or capital letters');
  }
}
