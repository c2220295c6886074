import { runsOf, times, type Run, type Step } from './steps.ts';
import type { Look } from './style.ts';
import { wrap } from './text.ts';

/** Sentences past this are a count: who listens has heard the pattern by then. */
const mostSentences = 24;

/** What reached the stores as a sentence an event, for a screen reader and for narrow terminals. */
export function eventSentences(steps: readonly Step[], totals: string, look: Look): string {
  const sentences = steps.flatMap((step) => [
    ...callSentence(step),
    ...runsOf(step.wire).map(wireSentence),
    ...(step.again > 0 ? [`The same again, ${times(step.again)}.`] : []),
  ]);
  const half = mostSentences / 2;
  const left = sentences.length - mostSentences;
  const told =
    left > 0 ? [...sentences.slice(0, half), `${left} more events.`, ...sentences.slice(-half)] : sentences;
  const all = [`What reached the stores: ${totals}.`, ...told];
  // A screen reader reads on to the end of a line; a narrow terminal needs it broken.
  return (look.plain ? all : all.flatMap((text) => wrap(text, look.width))).join('\n');
}

function callSentence({ call, calls, cameTo }: Step): string[] {
  if (!call) return [];
  const { atMs, lane, request, reply = 'none' } = call;
  if (lane === 'time') return [`At ${atMs.toFixed(1)} ms: ${request}.`];
  const made = calls > 1 ? `${calls} calls at once of` : 'call';
  return [`At ${atMs.toFixed(1)} ms: ${made} ${request}, result ${reply}${cameTo ? `: ${cameTo}` : ''}.`];
}

function wireSentence({ line, more, lastAtMs }: Run): string {
  const { atMs, lane, request, reply, tookMs } = line;
  const answer = tookMs === undefined ? 'no reply' : `reply ${reply} after ${tookMs.toFixed(1)} ms`;
  const again = more > 0 ? ` ${times(more)} more, until ${lastAtMs.toFixed(1)} ms.` : '';
  return `At ${atMs.toFixed(1)} ms: ${lane === 'mysql' ? 'MySQL' : 'Redis'} got ${request}; ${answer}.${again}`;
}
