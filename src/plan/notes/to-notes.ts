// What a person would want to know of a sweep before it runs: trials that are no more than others, and settings that are
// unlikely to be meant. Promise: one note for all settings with the same remark.

import { adviseCyclic } from './cyclic-advice.ts';
import { adviseDecay } from './decay-advice.ts';
import { EpochHasher } from '../epoch-hasher.ts';
import { adviseFewSteps, adviseLongWarmup } from './few-steps-advice.ts';
import { findIdle, findIdleWarmup } from './idle.ts';
import { isPlateau } from '../plateau-reach.ts';
import type { Setting } from '../setting.ts';
import { ASSUMED, stepsFor, type StepsPerEpoch } from '../steps-per-epoch.ts';

/**
 * A remark about trials of the first family, by number. `degenerate` ones never move; `equal` ones repeat another trial,
 * and are not named again where the same degenerate remark says so of all of them.
 */
export type Note = {
  readonly kind: 'degenerate' | 'equal' | 'advice';
  readonly message: string;
  readonly trials: readonly number[];
};

/** Some seconds of looking. */
const MOST_WORK = 300_000_000;

/**
 * All remarks: degenerate settings first, then equal ones (by index, as `countPrefixes` finds them), then advice; and
 * whether every setting was looked at.
 */
export function toNotes(
  settings: readonly Setting[],
  steps: StepsPerEpoch,
  equal: readonly (readonly number[])[],
): { readonly notes: readonly Note[]; readonly isComplete: boolean } {
  const notes = new Notes();
  const stepsPerEpoch = steps.kind === 'missing' ? ASSUMED : steps.count;
  const hasher = new EpochHasher(stepsPerEpoch, MOST_WORK);
  for (const setting of settings) {
    if (stepsFor(steps, setting) !== undefined) remark(notes, setting, stepsPerEpoch, hasher);
    if (steps.kind === 'opened' || steps.kind === 'given')
      advise(notes, setting, adviseFewSteps(setting, stepsPerEpoch));
  }
  for (const same of equal) remarkEqual(notes, settings, same);
  return { notes: notes.all(), isComplete: !hasher.isExhausted };
}

function remark(notes: Notes, setting: Setting, stepsPerEpoch: number, hasher: EpochHasher): void {
  const { number } = setting;
  const idle = findIdle(setting, stepsPerEpoch, hasher);
  for (const message of [idle, findIdleWarmup(setting, stepsPerEpoch)])
    if (message !== undefined) notes.add('degenerate', message, number);
  advise(notes, setting, adviseCyclic(setting, stepsPerEpoch));
  advise(notes, setting, adviseLongWarmup(setting, stepsPerEpoch));
  if (idle === undefined) advise(notes, setting, adviseDecay(setting, stepsPerEpoch));
}

function advise(notes: Notes, { number }: Setting, messages: readonly string[]): void {
  for (const message of messages) notes.add('advice', message, number);
}

function remarkEqual(notes: Notes, settings: readonly Setting[], same: readonly number[]): void {
  const [first, ...others] = same.flatMap((index) => settings.slice(index, index + 1));
  if (first === undefined || notes.saysTheSameOf(same.map((index) => settings[index]?.number)))
    return;
  const always = isPlateau(first.spec) ? ', whatever the metrics' : '';
  const message = `equal to trial ${first.number}${always}: the same learning rate at every step`;
  for (const { number } of others) notes.add('equal', message, number);
}

const ORDER = ['degenerate', 'equal', 'advice'] as const;

class Notes {
  readonly #trials = new Map<string, Note & { readonly trials: number[] }>();
  readonly #degenerate = new Map<number | undefined, string>();

  add(kind: Note['kind'], message: string, trial: number): void {
    if (kind === 'degenerate') this.#degenerate.set(trial, message);
    const note = this.#trials.get(message);
    if (note === undefined) this.#trials.set(message, { kind, message, trials: [trial] });
    else note.trials.push(trial);
  }

  saysTheSameOf(trials: readonly (number | undefined)[]): boolean {
    const messages = new Set(trials.map((trial) => this.#degenerate.get(trial)));
    return messages.size === 1 && !messages.has(undefined);
  }

  all(): readonly Note[] {
    const notes = [...this.#trials.values()];
    return ORDER.flatMap((kind) => notes.filter((note) => note.kind === kind));
  }
}
