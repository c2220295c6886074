import { commandReply, commandText, sqlReply, sqlText } from './wire-text.ts';
import type { WireEvent } from '@workshop/wiretap';

/** One line of what happened: a call of the learner's code, what that sent to a store, or that the check let time pass. */
export interface TranscriptLine {
  /** The check during which it happened. */
  check: string;
  /** Since the check began, ms. */
  atMs: number;
  lane: 'call' | 'mysql' | 'redis' | 'time';
  request: string;
  /** Absent when none came. */
  reply?: string;
  /** From request to reply, ms. */
  tookMs?: number;
}

/** Connections coming and going say nothing about most mistakes; where they do, the check gives their number. */
const shown = new Set(['query', 'execute', 'prepare', 'command', 'other']);

/** @param startedAt on the record's clock, ms */
export function transcriptLine(
  check: string,
  startedAt: number,
  event: WireEvent,
): TranscriptLine | undefined {
  if (!shown.has(event.kind)) return undefined;
  const line: TranscriptLine = {
    check,
    atMs: round(event.startedAt - startedAt),
    lane: event.store,
    request: event.store === 'mysql' ? sqlText(event) : commandText(event),
  };
  if (event.endedAt !== undefined) {
    line.tookMs = round(event.endedAt - event.startedAt);
    line.reply = event.store === 'mysql' ? sqlReply(event) : commandReply(event);
  }
  return line;
}

/** Times in a transcript are told to a tenth. */
export function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
