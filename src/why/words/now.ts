// How a trial or a sweep is now, in words.

import type { NowReason, SweepReason, WaitReason } from '../reason.ts';
import { count, epochs, firstLine, length, list, trials as named } from './text.ts';
import { silenceLine, waitLines } from './waits.ts';

type Here = Exclude<NowReason, WaitReason> | SweepReason;
type Of<K extends Here['kind']> = Extract<Here, { kind: K }>;

/** The lines of one reason. */
export function nowLines(reason: Here, nowMs: number): readonly string[] {
  switch (reason.kind) {
    case 'start':
      return [start(reason)];
    case 'runs':
      return [runs(reason, nowMs)];
    case 'tests-first':
      return [`range tests come first: ${list(reason.fields)} is still to be found`];
    case 'agent-silent':
      return [`${silenceLine(reason)}, and its trials go on elsewhere`];
    case 'pausing':
      return [`pauses at the end of epoch ${reason.epoch}, as was asked`];
    case 'priority':
      return [`has priority ${reason.priority}: of its sweep, free slots go to higher ones first`];
    case 'paused':
      return [
        `is paused at epoch ${reason.epoch} of ${reason.epochs}: "espalier resume" lets it go on`,
      ];
    case 'ended':
      return ended(reason);
    case 'not-reproducible':
      return [`not reproducible: ${reason.stageId} gave other numbers when it was trained again`];
    case 'as-recorded':
      return [asRecorded(reason)];
    case 'sweep':
      return [sweep(reason)];
    case 'stages-waiting': {
      const [first = '', ...more] = waitLines(reason.reason);
      return [
        `${count(reason.trials, 'trial')} in ${count(reason.stages, 'stage')}: ${first}`,
        ...more,
      ];
    }
  }
}

function start({ fromStageId, fromEpoch, again }: Of<'start'>): string {
  if (again === null)
    return fromStageId === null
      ? 'this attempt began from scratch'
      : `this attempt went on from the checkpoint of ${fromStageId} after ${epochs(0, fromEpoch)}`;
  const repeated =
    again === 0 ? '' : `, and trains ${count(again, 'epoch')} again that are on record`;
  return fromStageId === null
    ? `it will begin from scratch${repeated}`
    : `it will go on from the checkpoint of ${fromStageId} after ${epochs(0, fromEpoch)}${repeated}`;
}

function runs(reason: Of<'runs'>, nowMs: number): string {
  const { place, stageId, attempt, epoch, epochs: of, sinceAtMs, isOpen } = reason;
  const since = ` for ${length(nowMs - sinceAtMs)}`;
  const company =
    reason.withCount === 0 ? 'alone' : `together with ${named(reason.with, reason.withCount)}`;
  const doing = isOpen
    ? `trains epoch ${epoch} of ${of}`
    : `is being opened for epoch ${epoch} of ${of}`;
  return `${doing} on ${place}${since}, ${company}: ${stageId}, attempt ${attempt}`;
}

function ended({ state, epochs: done, of, message }: Of<'ended'>): readonly string[] {
  const far = done === of ? `all ${of} epochs` : `${done} of ${of} epochs`;
  const [, ...more] = message.split('\n').filter((line) => line !== '');
  const why = state === 'cancelled' || message === '' ? '' : `: ${firstLine(message)}`;
  const verb =
    state === 'cancelled' ? 'was cancelled' : state === 'completed' ? 'is completed' : state;
  return [`${verb} after ${far}${why}`, ...more.slice(0, LINES_MOST)];
}

/** Lines of a message at most. */
const LINES_MOST = 12;

function asRecorded({ state, epoch }: Of<'as-recorded'>): string {
  const what =
    state === 'running'
      ? `was running at epoch ${epoch} when the coordinator last wrote`
      : `is ${state} at epoch ${epoch}`;
  return `${what}; no coordinator runs here that could say what it waits for, and nothing is given to slots until one does`;
}

function sweep({ priority, slotsInUse, counts }: Of<'sweep'>): string {
  const trials = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const standing = Object.entries(counts)
    .filter(([, n]) => n > 0)
    .map(([name, n]) => `${n} ${name}`);
  const rank =
    priority === null ? '' : `; ${count(slotsInUse, 'slot')} in use, priority ${priority}`;
  return `${count(trials, 'trial')}: ${list(standing)}${rank}`;
}
