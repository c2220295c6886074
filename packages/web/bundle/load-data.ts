import { parseArgs } from 'node:util';
import type { Replace } from '@workshop/dataset';
import {
  createProgressPrinter,
  DatasetError,
  ensureDataset,
  InvalidOptionError,
  LEAST_ROWS,
  MOST_ROWS,
  parseRows,
} from '@workshop/dataset';
import { ConfigError, readConfig, StackError } from '../src/config/index.ts';

const USAGE = `node load-data.js [--rows N] [--if-empty | --force]
    fills the tables with N generated articles and all cities

  --rows N     ${LEAST_ROWS} to ${MOST_ROWS}; default 200000
  --if-empty   leave tables alone that have rows
  --force      load even if the data is there already, and replace a table that
               the workshop did not make

The database is the demo's: MYSQL_URL, or the stack that WORKSHOP_STACK names.`;

/** The cache is not asked for, nor its secret. */
const NO_REDIS = { REDIS_URL: 'redis://127.0.0.1', REDIS_CA: '' };

/** Fills the database of the demo, as the demo itself finds it. Exits with 0; 1 when that failed; 2 when it was asked for in a wrong way. */
async function main(args: string[]): Promise<void> {
  const { rows, replace, isHelp } = readArguments(args);
  if (isHelp) {
    console.log(USAGE);
    return;
  }
  const { mysqlUrl, mysqlTls } = await readConfig({ ...process.env, ...NO_REDIS });
  const onProgress = createProgressPrinter(process.stdout);
  const result = await ensureDataset(mysqlUrl, { rows, replace, onProgress, tls: mysqlTls });
  const there = `${whole(result.rows)} articles and ${whole(result.cities)} cities`;
  console.log(result.loaded ? `Loaded: ${there}.` : `Nothing to do: ${there} are there already.`);
}

function readArguments(args: string[]): { rows: number; replace: Replace; isHelp: boolean } {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: 'string' },
      'if-empty': { type: 'boolean', default: false },
      force: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { rows, force, help, 'if-empty': ifEmpty } = values;
  if (force && ifEmpty) throw new InvalidOptionError('--force', 'with --if-empty', 'without --if-empty');
  const replace = force ? 'anything' : ifEmpty ? 'nothing' : 'imported';
  // An empty --rows is a mistake.
  return { rows: parseRows(rows === '' ? '""' : rows, '--rows'), replace, isHelp: help };
}

const whole = (count: number): string => count.toLocaleString('en-US');

/** What parseArgs throws for an option it does not know or a value that is missing. */
const isUsageError = (error: Error): boolean =>
  error instanceof InvalidOptionError ||
  ('code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_'));

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Error)) throw error;
  const isWrong = isUsageError(error);
  const isReadable = isWrong || [ConfigError, StackError, DatasetError].some((type) => error instanceof type);
  if (!isReadable) throw error;
  console.error(isWrong ? `${error.message}\n\n${USAGE}` : error.message);
  process.exitCode = isWrong ? 2 : 1;
}
