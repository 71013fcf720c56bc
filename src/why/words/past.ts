// What has been of a trial, in words.

import type { PastReason } from '../reason.ts';
import { epochs, firstLine, length, list, trials, value } from './text.ts';

type Of<K extends PastReason['kind']> = Extract<PastReason, { kind: K }>;

/** The lines of one reason. When it was is told beside it. */
export function pastLines(reason: PastReason): readonly string[] {
  switch (reason.kind) {
    case 'submitted':
      return ['submitted with its sweep'];
    case 'parted':
      return [
        `parted at epoch ${reason.epoch}: the trials of ${reason.stageId} have ${reason.classes} different learning rates from there on`,
      ];
    case 'cloned':
      return [
        `cloned from ${reason.fromTrialId} with ${list(reason.changes)}${by(reason)}: ${shared(reason.shared)}`,
      ];
    case 'asked':
      return [`${reason.what}${reason.isWhole ? ' with the whole sweep' : ''}${by(reason)}`];
    case 'shared':
      return [
        `${epochs(reason.fromEpoch, reason.toEpoch)} trained once together with ${trials(reason.with, reason.withCount)} (${reason.stageId}): their learning rates were the same in every step`,
      ];
    case 'equals':
      return [
        `equal to ${list(reason.trials)}: the same learning rate in every step, trained once`,
      ];
    case 'cut':
      return cut(reason);
    case 'attempt':
      return attempt(reason);
    case 'last-output':
      return [
        `the last it wrote, in attempt ${reason.attempt} of ${reason.stageId}:`,
        ...reason.lines.map((line) => `| ${line}`),
      ];
  }
}

function shared(n: number): string {
  return n === 0
    ? 'it begins by itself'
    : `${epochs(0, n)} ${n === 1 ? 'is' : 'are'} what was trained already`;
}

function by({ by: who }: { readonly by: string | null }): string {
  return who === null ? '' : ` by ${who}`;
}

function cut(reason: Of<'cut'>): readonly string[] {
  const { epoch, from, to, metric, patience, minDelta, best, bestEpoch, bad } = reason;
  const beaten =
    best === null
      ? `${metric} had no finite value yet`
      : `${metric} did not beat ${value(best)} of epoch ${bestEpoch}${minDelta}`;
  const [first, last] = [bad[0]?.epoch ?? epoch, (bad.at(-1)?.epoch ?? epoch) + 1];
  const shown = bad.slice(-VALUES_MOST).map((one) => value(one.value));
  return [
    `cut from ${value(from)} to ${value(to)} at epoch ${epoch}: ${beaten} in ${epochs(first, last)} (patience ${patience})`,
    `${metric} there: ${bad.length > VALUES_MOST ? '… ' : ''}${shown.join(', ')}`,
  ];
}

const VALUES_MOST = 8;

function attempt(reason: Of<'attempt'>): readonly string[] {
  const { stageId, attempt: n, place, grantedAtMs, endedAtMs, end, message } = reason;
  const from =
    reason.fromStageId === null
      ? 'from scratch'
      : `from ${reason.fromStageId} after ${epochs(0, reason.fromEpoch)}`;
  const head = `attempt ${n} of ${stageId} on ${place}, ${from}`;
  if (endedAtMs === null || end === null) return [`${head}: still runs`];
  const told = TOLD.has(end) || message === '' ? '' : `: ${firstLine(message)}`;
  return [`${head}: ${ENDS[end] ?? end} after ${length(endedAtMs - grantedAtMs)}${told}`];
}

/** Ends of which the message says nothing more. */
const TOLD: ReadonlySet<string> = new Set(['completed', 'forked']);

const ENDS: Readonly<Record<string, string>> = {
  completed: 'finished',
  diverged: 'diverged',
  failed: 'failed',
  lost: 'was lost with its host',
  withdrawn: 'was withdrawn',
  released: 'was handed back',
  forked: 'its trials parted',
};
