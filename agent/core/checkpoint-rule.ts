// When an attempt saves a checkpoint without having to: for recovery, and for what the sweep keeps.
// Promise: no more than `every` epochs are lost with an agent; the checkpoint of a result that the sweep keeps is never missing.

import { type Mode, toScore } from '../../src/domain/objective.ts';
import type { Member } from './cohort.ts';

/** What the rule is told of an attempt. */
export type CheckpointRule = {
  /** Epochs between two checkpoints for recovery. */
  readonly every: number;
  readonly keep: string;
  readonly mode: Mode;
};

/** An epoch that was just trained. */
export type TrainedEpoch = {
  /** How many epochs are behind the trial now. */
  readonly done: number;
  /** How many were at the latest checkpoint; 0 for the beginning. */
  readonly saved: number;
  readonly members: readonly Member[];
  /** The objective's value, and the best one before it: of these trials, and of the whole sweep as far as is known. */
  readonly value: number | undefined;
  readonly best: number | undefined;
  readonly sweepBest: number | undefined;
};

/** Whether a checkpoint is to be saved after an epoch. */
export function isToSave(rule: CheckpointRule, epoch: TrainedEpoch): boolean {
  const { done, saved, members } = epoch;
  if (rule.keep === 'best' && mayLead(rule.mode, epoch)) return true;
  const keepsLast = rule.keep === 'last' || rule.keep === 'all';
  if (keepsLast && members.some(({ epochs }) => epochs === done)) return true;
  return done - saved >= rule.every && members.some(({ epochs }) => epochs > done);
}

/** Of trials that are equally good one leads by its number: what is as good as the sweep's best may be that one. */
function mayLead(mode: Mode, { value, best, sweepBest }: TrainedEpoch): boolean {
  return isBetter(mode, value, best) && !isBetter(mode, sweepBest, value);
}

/** Whether a value is better than another; one that is not finite is not. */
export function isBetter(mode: Mode, value: number | undefined, than: number | undefined): boolean {
  return toScore(mode, value) < toScore(mode, than);
}
