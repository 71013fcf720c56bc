// All trials from their rows: what `evolve` made of them.

import type { Database } from 'better-sqlite3';
import type { Trial } from '../core/model.ts';
import { eachRow, type Selection } from './each-row.ts';
import type { NumberKind } from './number.ts';
import { fromStored } from './number.ts';

type TrialRow = readonly [
  id: string,
  sweepId: string,
  number: number,
  config: string,
  strategy: string,
  seed: number,
  epochs: number,
  strategyLabel: string,
  configLabel: string,
  state: Trial['state'],
  message: string,
  epochsDone: number,
  bestEpoch: number | null,
  bestValue: number | null,
  lastKind: NumberKind | null,
  lastValue: number | null,
  learningRate: number | null,
  stageId: string,
  pausing: number,
  clonedFrom: string | null,
  priority: number,
];

const TRIALS: Selection = {
  table: 'trial',
  columns: [
    'trial_id',
    'sweep_id',
    'number',
    'config_json',
    'strategy_json',
    'seed',
    'epochs',
    'strategy_label',
    'config_label',
    'state',
    'message',
    'epochs_done',
    'best_epoch',
    'best_value',
    'last_kind',
    'last_value',
    'learning_rate',
    'stage_id',
    'pausing',
    'cloned_from',
    'priority',
  ],
};

/** Trials by id, in the order of their creation. */
export function loadTrials(db: Database): Map<string, Trial> {
  const trials = new Map<string, Trial>();
  // Trials of a grid have few configs and few strategies: each is read once.
  const parse = cached(JSON.parse);
  for (const row of eachRow<TrialRow>(db, TRIALS)) {
    const trial = toTrial(row, parse);
    trials.set(trial.id, trial);
  }
  return trials;
}

function toTrial(row: TrialRow, parse: (json: string) => unknown): Trial {
  const [epoch, value, kind, last] = [row[12], row[13], row[14], row[15]];
  return {
    id: row[0],
    sweepId: row[1],
    number: row[2],
    config: parse(row[3]) as Trial['config'],
    strategy: parse(row[4]) as Trial['strategy'],
    seed: row[5],
    epochs: row[6],
    strategyLabel: row[7],
    configLabel: row[8],
    state: row[9],
    message: row[10],
    epochsDone: row[11],
    best: epoch === null || value === null ? null : { epoch, value },
    last: kind === null ? null : fromStored({ kind, value: last }),
    learningRate: row[16],
    stageId: row[17],
    isPausing: row[18] === 1,
    clonedFrom: row[19],
    priority: row[20],
  };
}

function cached<T>(make: (text: string) => T): (text: string) => T {
  const made = new Map<string, T>();
  return (text) => {
    const known = made.get(text);
    if (known !== undefined) return known;
    const value = make(text);
    made.set(text, value);
    return value;
  };
}
