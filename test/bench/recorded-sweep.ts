// A results database written by hand: three trials that share two epochs, part, and train two more each.
//
//   slot a:  root 0 1 | left 2 3 | right 2 3
//   slot b:      other sweep's stage … | middle 2 3

import type Database from 'better-sqlite3';
import { join } from 'node:path';
import { openDatabase } from '../../coordinator/store/open.ts';
import type { Results } from '../../src/results/open-results.ts';
import { openResults } from '../../src/results/open-results.ts';
import { temporaryFolder } from '../support/folder.ts';

type Row = Readonly<Record<string, string | number | null>>;

/** A stage with its one attempt. Each epoch takes 100 ms; `began` are the times at which they began. */
type StageRow = {
  readonly id: string;
  readonly parent: string | null;
  readonly from: number;
  readonly slot: string;
  readonly end: string;
  readonly began: readonly number[];
  readonly trials: readonly number[];
};

const EPOCH_MS = 100;

const STAGES: readonly StageRow[] = [
  {
    id: 'root',
    parent: null,
    from: 0,
    slot: 'a',
    end: 'forked',
    began: [1000, 1102],
    trials: [1, 2, 3],
  },
  {
    id: 'left',
    parent: 'root',
    from: 2,
    slot: 'a',
    end: 'completed',
    began: [1207, 1309],
    trials: [1],
  },
  {
    id: 'right',
    parent: 'root',
    from: 2,
    slot: 'a',
    end: 'completed',
    began: [1439, 1543],
    trials: [2],
  },
  {
    id: 'early',
    parent: null,
    from: 0,
    slot: 'b',
    end: 'completed',
    began: [900],
    trials: [],
  },
  {
    id: 'middle',
    parent: 'root',
    from: 2,
    slot: 'b',
    end: 'completed',
    began: [1222, 1324],
    trials: [3],
  },
];

/** Opens it; `change` may alter what was written. */
export function recordedSweep(change: (db: Database.Database) => void = () => undefined): Results {
  const path = join(temporaryFolder(), 'espalier.db');
  const db = openDatabase(path);
  db.pragma('foreign_keys = OFF');
  insert(db, 'sweep', SWEEP);
  for (const number of [1, 2, 3]) insert(db, 'trial', toTrial(number));
  for (const stage of STAGES) writeStage(db, stage);
  change(db);
  db.close();
  return openResults(path);
}

function writeStage(db: Database.Database, stage: StageRow): void {
  const { id, parent, from, slot, end, began, trials } = stage;
  const over = (began.at(-1) ?? 0) + EPOCH_MS;
  insert(db, 'stage', {
    ...STAGE,
    stage_id: id,
    root_id: 'root',
    parent_id: parent,
    from_epoch: from,
  });
  insert(db, 'attempt', {
    ...ATTEMPT,
    stage_id: id,
    slot,
    end,
    granted_ms: 0,
    ended_ms: over,
    start_epoch: from,
  });
  for (const number of trials)
    insert(db, 'trial_stage', { ...toPart(number, from, began.length), stage_id: id });
  for (const [i, beganMs] of began.entries()) {
    const of = { stage_id: id, epoch: from + i };
    insert(db, 'epoch', { ...EPOCH, ...of, recorded_ms: beganMs + EPOCH_MS });
    insert(db, 'metric', { ...of, name: 'val_loss', kind: 'finite', value: 1 / (from + i + 3) });
    insert(db, 'metric', { ...of, name: 'loss', kind: 'nan', value: null });
  }
}

function toPart(number: number, from: number, epochs: number): Row {
  return { trial_id: `t${number}`, from_epoch: from, to_epoch: from + epochs };
}

function insert(db: Database.Database, table: string, row: Row): void {
  const names = Object.keys(row);
  const values = names.map((name) => `:${name}`);
  db.prepare(`INSERT INTO ${table} (${names.join()}) VALUES (${values.join()})`).run(row);
}

const SWEEP: Row = {
  sweep_id: 's',
  name: 's',
  fingerprint: '',
  state: 'completed',
  metric: 'val_loss',
  mode: 'min',
  at: 'best',
  spec_json: '{}',
  sweep_file: '',
  bundle_json: '{}',
  files_json: '[]',
  submitted_ms: 0,
};

function toTrial(number: number): Row {
  return {
    trial_id: `t${number}`,
    sweep_id: 's',
    number,
    strategy: 'fixed',
    strategy_json: '{}',
    strategy_label: '',
    config_json: '{}',
    config_label: '',
    seed: 1,
    epochs: 4,
    state: 'completed',
    message: '',
    epochs_done: 4,
    best_value: 0.1 / number,
    stage_id: '',
    pausing: 0,
  };
}

const STAGE: Row = {
  sweep_id: 's',
  state: 'ended',
  attempt: 1,
  recorded_epochs: 2,
  repeated_epochs: 0,
  reproducible: 1,
  steps_per_epoch: 20,
  failures: 0,
  losses: 0,
  last_failure: '',
  until_epoch: 4,
};

const ATTEMPT: Row = { attempt: 1, agent_id: 'agent' };

const EPOCH: Row = {
  attempt: 1,
  steps: 20,
  lr_first: 0.1,
  lr_last: 0.1,
  lr_least: 0.1,
  lr_greatest: 0.1,
  lr_applied: 0.1,
  seconds: EPOCH_MS / 1000,
};
