import { parseArgs } from 'node:util';
import type { BadRow, EnsureResult } from '@workshop/dataset';
import {
  checkCsv,
  createProgressPrinter,
  DatasetError,
  ensureDataset,
  LEAST_ROWS,
  loadCsv,
  MOST_ROWS,
  parseRows,
} from '@workshop/dataset';
import { EngineError, enginesUp } from '@workshop/engines';

const USAGE = `pnpm db:load [--rows N] [--force]    fill the tables with N generated articles and all cities
pnpm db:load --csv FILE [--force]    fill articles from the CSV of AWS's demo

  --rows N   ${LEAST_ROWS} to ${MOST_ROWS}; default WORKSHOP_ROWS, else 200000
  --csv FILE UTF-8, with a header; rows that are not right are reported and skipped
  --force    load even if the data is there already, and replace a table that the workshop did not make`;

/** After so many bad rows only their number is told: a file that is wrong throughout should not scroll the reason away. */
const MOST_REPORTED = 20;

/** Fills the workshop's tables. @returns the exit code. */
export async function main(args: string[]): Promise<number> {
  try {
    const { rows, csv, force, help } = readArguments(args);
    if (help) {
      console.log(USAGE);
      return 0;
    }
    // First, so that nothing is installed or started for a file that can't be loaded.
    if (csv !== undefined) await checkCsv(csv);
    const { mysqlUrl } = await enginesUp({ onProgress: (line) => console.log(line) });
    await (csv === undefined ? loadGenerated(mysqlUrl, rows, force) : loadFile(mysqlUrl, csv, force));
    return 0;
  } catch (error) {
    if (!(error instanceof DatasetError || error instanceof EngineError || isUsageError(error))) throw error;
    console.error(error.message);
    return 1;
  }
}

function readArguments(args: string[]): {
  rows: number;
  csv: string | undefined;
  force: boolean;
  help: boolean;
} {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: 'string' },
      csv: { type: 'string' },
      force: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { rows, csv, force, help } = values;
  if (rows !== undefined && csv !== undefined) {
    throw new DatasetError('--rows and --csv do not go together: a CSV has the rows it has.');
  }
  if (csv !== undefined || help) return { rows: 0, csv, force, help };
  // An empty --rows is a mistake; an empty variable is none.
  const wanted =
    rows === undefined ? parseRows(process.env['WORKSHOP_ROWS']) : parseRows(rows || '""', '--rows');
  return { rows: wanted, csv, force, help };
}

async function loadGenerated(mysqlUrl: string, rows: number, force: boolean): Promise<void> {
  const replace = force ? 'anything' : 'imported';
  const result = await ensureDataset(mysqlUrl, {
    rows,
    replace,
    onProgress: createProgressPrinter(process.stdout),
  });
  console.log(summary(result));
}

function summary({ loaded, rows, cities }: EnsureResult): string {
  const there = `${whole(rows)} articles and ${whole(cities)} cities`;
  return loaded ? `Loaded: ${there}.` : `Nothing to do: ${there} are there already; --force loads them anew.`;
}

async function loadFile(mysqlUrl: string, file: string, force: boolean): Promise<void> {
  // Told at the end: in between they would run into the progress bar.
  const bad: BadRow[] = [];
  const onBadRow = (row: BadRow): void => {
    if (bad.length < MOST_REPORTED) bad.push(row);
  };
  try {
    const onProgress = createProgressPrinter(process.stdout);
    const { loaded, skipped } = await loadCsv(mysqlUrl, file, { force, onProgress, onBadRow });
    const besides = skipped > 0 ? `; ${whole(skipped)} bad rows were skipped` : '';
    console.log(`Loaded ${whole(loaded)} articles from ${file}${besides}.`);
    if (skipped > MOST_REPORTED) console.log(`The first ${MOST_REPORTED} of them:`);
  } finally {
    for (const { line, problem } of bad) console.error(`${file}:${line}: ${problem}`);
  }
}

const whole = (count: number): string => count.toLocaleString('en-US');

/** What parseArgs throws for an option it does not know or a value that is missing. */
function isUsageError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
}
