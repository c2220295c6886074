import { createHash } from 'node:crypto';
import { defaultGuard, type RedisGuard } from '@workshop/wiretap';

/** Commands that name a moment, or may. */
const naming = new Set(['TIME', 'EXPIREAT', 'PEXPIREAT', 'EXPIRETIME', 'PEXPIRETIME', 'SET', 'GETEX']);
const moment = /^(?:exat|pxat)$/i;
/** A script that may ask for the time, or name a moment. */
const scriptNaming = /["'](?:time|p?expireat|p?expiretime|exat|pxat)["']/i;
/** The wiretap shows the guard so much of an argument, bytes: what is longer can't be passed on by it. */
const shownBytes = 64 * 1024;

/**
 * Redis's clock as the learner's code sees it, in scripts too. The server's own can't be moved on: the moments that
 * commands and replies name are, by the wiretap's guard. Functions and the ids of streams keep the server's time.
 */
export class RedisClock {
  /** Whole ms. */
  aheadMs = 0;
  readonly #base: RedisGuard;
  readonly #scripts = new Map<string, string>();

  /** @param base has the first word. Default: the wiretap's own */
  constructor(base: RedisGuard = defaultGuard) {
    this.#base = base;
  }

  readonly guard: RedisGuard = (name, args) => {
    const verdict = this.#base(name, args);
    if (verdict !== 'pass') return verdict;
    this.#keepScript(name, args);
    if (this.aheadMs === 0 || args.some((arg) => arg.length >= shownBytes)) return 'pass';
    const words = this.#moved(name, args);
    return words ? { rewrite: words } : 'pass';
  };

  /** By its digest, under which it may be called later. */
  #keepScript(name: string, args: readonly Buffer[]): void {
    const isLoad = name === 'SCRIPT' && args[0]?.toString().toUpperCase() === 'LOAD';
    const script = isLoad ? args[1] : name === 'EVAL' || name === 'EVAL_RO' ? args[0] : undefined;
    if (script === undefined || !scriptNaming.test(script.toString())) return;
    this.#scripts.set(createHash('sha1').update(script).digest('hex'), script.toString());
  }

  #moved(name: string, args: readonly Buffer[]): (string | Buffer)[] | undefined {
    if (name.startsWith('EVAL')) {
      const first = args[0]?.toString() ?? '';
      const text = name.includes('SHA') ? this.#scripts.get(first.toLowerCase()) : first;
      if (text === undefined || !scriptNaming.test(text)) return undefined;
      return [name.replace('SHA', ''), this.#withClock(text), ...args.slice(1)];
    }
    if (!naming.has(name)) return undefined;
    const isPlain = (name === 'SET' || name === 'GETEX') && !args.some((arg) => moment.test(arg.toString()));
    if (isPlain) return undefined;
    const call = name === 'TIME' ? `redis.call('TIME')` : `redis.call('${name}', KEYS[1], unpack(ARGV))`;
    return ['EVAL', this.#withClock(`return ${call}`), name === 'TIME' ? '0' : '1', ...args];
  }

  /** On the script's first line, so that the lines in its errors stay; after a shebang, which has to be the first. */
  #withClock(script: string): string {
    const [, shebang = '', rest = ''] = /^(#![^\n]*\n)?([^]*)$/.exec(script) ?? [];
    return `${shebang}${luaClock.replaceAll('\n', ' ').replace('AHEAD', String(this.aheadMs))} ${rest}`;
  }
}

const luaClock = `
local redis = (function(server, ahead)
  local function number(value) return string.format('%.0f', value) end
  local function moved(call)
    return function(name, ...)
      local command, args = string.upper(name), {...}
      if command == 'TIME' then
        local now = call(name)
        local us = now[2] + ahead % 1000 * 1000
        return { number(now[1] + math.floor(ahead / 1000) + math.floor(us / 1000000)), number(us % 1000000) }
      elseif command == 'EXPIRETIME' or command == 'PEXPIRETIME' then
        local at = call('PEXPIRETIME', args[1])
        if type(at) ~= 'number' or at < 0 then return at end
        return command == 'PEXPIRETIME' and at + ahead or math.floor((at + ahead) / 1000)
      elseif command == 'EXPIREAT' then
        name, args[2] = 'PEXPIREAT', number(args[2] * 1000 - ahead)
      elseif command == 'PEXPIREAT' then
        args[2] = number(args[2] - ahead)
      elseif command == 'SET' or command == 'GETEX' then
        for at = command == 'SET' and 3 or 2, #args - 1 do
          local option = string.upper(args[at])
          if option == 'EXAT' then args[at], args[at + 1] = 'PXAT', number(args[at + 1] * 1000 - ahead)
          elseif option == 'PXAT' then args[at + 1] = number(args[at + 1] - ahead) end
        end
      end
      return call(name, unpack(args))
    end
  end
  return setmetatable({ call = moved(server.call), pcall = moved(server.pcall) }, { __index = server })
end)(redis, AHEAD)`;
