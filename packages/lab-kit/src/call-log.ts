import type { WireRecord } from '@workshop/wiretap';
import type { Lab, LearnerStore, Shape } from './lab.ts';
import { describeCall, describeReply } from './sandbox/describe-call.ts';
import type { LearnerProcess } from './sandbox/learner-process.ts';
import { checkShape } from './shape.ts';
import { round, type TranscriptLine } from './transcript.ts';

/** The calls of one check, as lines of its transcript. */
export class CallLog {
  readonly lines: TranscriptLine[] = [];
  readonly startedAt: number;
  readonly #check: string;
  readonly #record: WireRecord;
  readonly #shapes: Record<string, Shape>;

  constructor(check: string, record: WireRecord, returns: Lab['returns']) {
    this.#check = check;
    this.#record = record;
    this.#shapes = returns;
    this.startedAt = record.now();
  }

  /**
   * A store whose functions are calls into a learner's process.
   * @param process asked for at each call, as it may be another by then
   * @param who stands before its calls, where there is more than one process
   */
  storeOf(process: () => LearnerProcess, who = ''): LearnerStore {
    return new Proxy({} as LearnerStore, {
      get: (_target, method) =>
        typeof method === 'symbol' || method === 'then'
          ? undefined
          : async (...args: unknown[]) => await this.#call(process, who, method, args),
    });
  }

  async timePasses<T>(what: string, action: () => Promise<T>): Promise<T> {
    const line = this.#begin(what, 'time');
    try {
      return await action();
    } finally {
      this.#end(line);
    }
  }

  async #call(process: () => LearnerProcess, who: string, method: string, args: unknown[]): Promise<unknown> {
    const call = describeCall(method, args);
    const line = this.#begin(who + call);
    try {
      const value = await process().call(method, args);
      line.reply = describeReply(value);
      checkShape(call, value, this.#shapes[method] ?? 'anything');
      return value;
    } catch (error) {
      line.reply = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      this.#end(line);
    }
  }

  #begin(request: string, lane: 'call' | 'time' = 'call'): TranscriptLine {
    const atMs = round(this.#record.now() - this.startedAt);
    const line: TranscriptLine = { check: this.#check, atMs, lane, request };
    this.lines.push(line);
    return line;
  }

  #end(line: TranscriptLine): void {
    line.tookMs = round(this.#record.now() - this.startedAt - line.atMs);
  }
}
