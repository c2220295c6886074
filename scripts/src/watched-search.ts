import type { ArticleRow } from '@workshop/dataset';
import type { LiveStore, MysqlEvent, RedisEvent, WireEvent } from '@workshop/lab-kit';
import { StoreError, type QueryResult, type Step, type Watched } from '@workshop/web';

/** Steps past this are left out: a page is no transcript. */
const mostSteps = 12;

/** Asks the learner's store, and tells by what crossed the wire meanwhile how it came by the rows. */
export async function watchedSearch(live: LiveStore, term: string, limit: number): Promise<QueryResult> {
  const { value, tookMs, events } = await live.call('search', [term, limit]);
  const json = Buffer.from(JSON.stringify(asRows(value)));
  const statements = events.filter(isStatement);
  const commands = events.filter(isCommand);
  const keys = commands
    .filter(({ name = '' }) => /GET/.test(name))
    .flatMap(({ args }) => String(args?.[0] ?? ''));
  const [key] = keys;
  const ttlMs = key === undefined ? undefined : await live.ttlMs(key);
  const outcome = statements.length === 0 ? 'hit' : commands.length > 0 ? 'miss' : 'mysql';
  const told: Watched = {
    outcome,
    headline: headlineOf(outcome, commands.length),
    tookMs,
    steps: stepsOf([...statements, ...commands]),
    facts: [
      ...(key === undefined ? [] : [{ name: 'Key', value: key }]),
      ...(ttlMs === undefined ? [] : [{ name: 'Expires', value: `in ${Math.ceil(ttlMs / 1_000)} s` }]),
    ],
  };
  return { source: 'watched', json, watched: told };
}

function headlineOf(outcome: Watched['outcome'], commands: number): string {
  if (outcome === 'mysql') return 'MySQL answered. Redis was not asked.';
  if (outcome === 'miss') return 'Redis was asked, and MySQL answered.';
  return commands > 0
    ? 'Redis had the rows. MySQL was not asked.'
    : 'The process had the rows itself. Neither store was asked.';
}

function stepsOf(events: readonly (MysqlEvent | RedisEvent)[]): Step[] {
  const steps = events
    .toSorted((a, b) => a.seq - b.seq)
    .map((event): Step => ({
      engine: event.store === 'mysql' ? 'MySQL' : 'Redis',
      text: event.store === 'mysql' ? sqlOf(event) : commandOf(event),
      time: event.endedAt === undefined ? undefined : `${(event.endedAt - event.startedAt).toFixed(2)} ms`,
      happened: true,
    }));
  if (!events.some(({ store }) => store === 'redis'))
    steps.push({ engine: 'Redis', text: 'was not asked.', time: undefined, happened: false });
  if (!events.some(({ store }) => store === 'mysql'))
    steps.push({ engine: 'MySQL', text: 'was not asked.', time: undefined, happened: false });
  return steps.slice(0, mostSteps);
}

function sqlOf({ sql = '', params = [] }: MysqlEvent): string {
  const values = params.length > 0 ? ` with ${params.map(String).join(', ')}` : '';
  return `got ${sql.replace(/\s+/g, ' ').trim()}${values}`;
}

function commandOf({ name = '', args = [], reply, shortened }: RedisEvent): string {
  const words = args.map((arg, n) => {
    const bytes = shortened?.argLengths?.get(n) ?? arg.length;
    return bytes > 60 ? `(${bytes.toLocaleString('en-US')} bytes)` : String(arg);
  });
  return `got ${[name, ...words].join(' ')}${reply === null ? ', and had nothing' : ''}`;
}

function isStatement(event: WireEvent): event is MysqlEvent {
  return event.store === 'mysql' && (event.kind === 'query' || event.kind === 'execute');
}

/** What a client says to introduce itself is no question. */
function isCommand(event: WireEvent): event is RedisEvent {
  const greetings = ['HELLO', 'AUTH', 'INFO', 'CLIENT', 'SELECT', 'PING', 'COMMAND'];
  return event.store === 'redis' && event.kind === 'command' && !greetings.includes(event.name ?? '');
}

/** What the pages show of a row. Whatever else it has, is the learner's affair, and may be nothing that JSON can say. */
const shown = ['OBJECTID', 'Sentence', 'MatchedPlace', 'Title', 'Journal', 'PublishedDate'] as const;

function asRows(value: unknown): Pick<ArticleRow, (typeof shown)[number]>[] {
  if (!Array.isArray(value)) throw new StoreError(`search() returned ${typeof value} in place of an array.`);
  const bad = value.findIndex((row: unknown) => typeof (row as ArticleRow | null)?.Sentence !== 'string');
  if (bad !== -1) throw new StoreError(`search() returned rows, of which number ${bad} has no Sentence.`);
  return (value as ArticleRow[]).map(
    (row) =>
      Object.fromEntries(shown.map((column) => [column, row[column]])) as Pick<
        ArticleRow,
        (typeof shown)[number]
      >,
  );
}
