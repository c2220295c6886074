/** What becomes of a command: it passes, the client is told no, or another goes in its place. */
export type GuardVerdict = 'pass' | { refuse: string } | { rewrite: readonly (string | Buffer)[] };

/** `name` is in upper case; `args` come without it, and long ones shortened. */
export type RedisGuard = (name: string, args: readonly Buffer[]) => GuardVerdict;

/** Commands that reach past one database or change the server, whatever their arguments. */
const REFUSED = new Set(
  (
    'ACL BGREWRITEAOF BGSAVE CLUSTER DEBUG FAILOVER LATENCY MIGRATE MODULE MONITOR MOVE PFDEBUG PSYNC REPLCONF ' +
    'REPLICAOF SAVE SHUTDOWN SLAVEOF SLOWLOG SWAPDB SYNC'
  ).split(' '),
);

/** Commands with harmless forms: these subcommands are refused. */
const REFUSED_SUBCOMMANDS: Record<string, ReadonlySet<string>> = {
  CLIENT: new Set(['KILL', 'PAUSE', 'UNPAUSE', 'UNBLOCK']),
  CONFIG: new Set(['SET', 'REWRITE', 'RESETSTAT']),
  FUNCTION: new Set(['FLUSH', 'KILL', 'RESTORE']),
  SCRIPT: new Set(['FLUSH', 'KILL', 'DEBUG']),
};

/** Harmless subcommands of commands that are otherwise refused. */
const ALLOWED_SUBCOMMANDS: Record<string, ReadonlySet<string>> = {
  ACL: new Set(['CAT', 'GENPASS', 'WHOAMI']),
  LATENCY: new Set(['DOCTOR', 'GRAPH', 'HISTOGRAM', 'HISTORY', 'LATEST']),
  SLOWLOG: new Set(['GET', 'LEN']),
};

/** Calls from within a script do not cross the wire, so its text is looked through for these. */
const IN_SCRIPT =
  /call\s*\(\s*["'](flushall|swapdb|select|move|copy|shutdown|debug|config|migrate|replicaof|slaveof|cluster|acl|module)["']/i;

/**
 * Keeps a tap's clients from other people's data and from the server's settings. It is against accidents: a script
 * that puts a command's name together from pieces gets past it.
 */
export function defaultGuard(name: string, args: readonly Buffer[]): GuardVerdict {
  const first = args[0]?.toString('latin1').toUpperCase() ?? '';
  switch (name) {
    case 'FLUSHALL':
      return { rewrite: ['FLUSHDB', ...args] };
    case 'COPY':
      // COPY source destination DB n
      return args.slice(2).some((arg) => isWord(arg, 'DB')) ? refuse('COPY to another database') : 'pass';
    case 'EVAL':
    case 'EVAL_RO':
      return judgeScript(name, args[0]);
    case 'FUNCTION':
      if (first === 'LOAD') return judgeScript('FUNCTION LOAD', args.at(-1));
      break;
    case 'SCRIPT':
      if (first === 'LOAD') return judgeScript('SCRIPT LOAD', args[1]);
      break;
  }
  if (REFUSED.has(name) && !ALLOWED_SUBCOMMANDS[name]?.has(first)) return refuse(name);
  if (REFUSED_SUBCOMMANDS[name]?.has(first)) return refuse(`${name} ${first}`);
  return 'pass';
}

function judgeScript(command: string, script: Buffer | undefined): GuardVerdict {
  const called = script && IN_SCRIPT.exec(script.toString('latin1'))?.[1];
  return called ? refuse(`${command} of a script that calls ${called.toUpperCase()}`) : 'pass';
}

function refuse(what: string): GuardVerdict {
  return { refuse: `ERR the wiretap does not pass on ${what}: it reaches beyond this database` };
}

function isWord(arg: Buffer, word: string): boolean {
  return arg.toString('latin1').toUpperCase() === word;
}
