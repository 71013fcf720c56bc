// Sweeps with rates to be found, as stories tell of them.

import type { ReportItem } from '../../coordinator/core/event.ts';
import type { FoundRate } from '../../coordinator/core/model.ts';
import { toFinding } from '../../src/lr/find.ts';
import { ended, epoch, opened, Story } from './story.ts';
import { submissionOf } from './sweep.ts';

/** A line of a sweep file. */
export const SEEDS = 'seeds: [1, 2]';
/** An item of `learning_rate`. */
export const FOUND = '  - { strategy: fixed, lr: { find: {} } }';
/** Reads the curves of the same test otherwise. */
export const STEEPEST = '  - { strategy: fixed, lr: { find: { suggest: steepest } } }';
/** Has nothing to be found. */
export const PLAIN = '  - { strategy: fixed, lr: 0.5 }';
/** Breaks a rule if less than 0.2 is found. */
export const CYCLIC = '  - { strategy: cyclic, base_lr: 0.2, max_lr: { find: {} }, step_size: 2 }';
/** Takes half of the same lower bound. */
export const HALVED =
  '  - { strategy: cyclic, base_lr: { find: { times: 0.5 } }, max_lr: { find: {} }, step_size: 2 }';

/** A sweep of these items, further lines of the file before them, and an agent with so many slots. */
export function started(
  slots: number,
  items: readonly string[],
  lines: readonly string[] = [],
  retries = 0,
): Story {
  const story = new Story();
  const objective = 'objective: { metric: val_loss, mode: min }';
  const head = [objective, 'epochs: 2', `retries: ${retries}`, ...lines];
  story.tell(submissionOf([...head, 'learning_rate:', ...items]));
  beat(story, slots);
  return story;
}

/** An agent says that it is there, with so many slots. */
export function beat(story: Story, slots: number, agentId = 'ann'): void {
  story.beat(
    agentId,
    Array.from({ length: slots }, () => 'cpu' as const),
  );
}

/** What was found by this way to test and to read the curves. */
export function rates(max_lr: number, find: object = {}): ReportItem {
  return { kind: 'rates', rates: [found(max_lr, find)], missing: [] };
}

/** Nothing was found by this way to test and to read the curves. */
export function missing(find: object): ReportItem & { kind: 'rates' } {
  return {
    kind: 'rates',
    rates: [],
    missing: [{ ...toFinding({ find }), words: 'nothing falls' }],
  };
}

/** One rate that was found. */
export function found(max_lr: number, find: object): FoundRate {
  const counts = { least: max_lr / 2, greatest: max_lr, found: 2, tested: 3, words: 'so' };
  return { ...toFinding({ find }), max_lr, base_lr: max_lr / 4, ...counts };
}

/** Each trial as `state strategy-label`. */
export function trialsOf(story: Story): readonly string[] {
  return [...story.state.trials.values()].map(
    ({ state, strategyLabel }) => `${state} ${strategyLabel}`,
  );
}

/** The stage trains two epochs. */
export function train(story: Story, stageId: string): void {
  story.reports(stageId, opened(), epoch(0), epoch(1), ended('completed'));
}
