// What a trial has recorded, epoch by epoch, read as it is asked for.
// Promise: rows come in the order of epochs, a page at a time; between two pages nothing of the database is held.

/** One metric of one epoch of a trial. */
export type MetricRow = {
  readonly trial_id: string;
  /** Counted from 0 from the trial's start. */
  readonly epoch: number;
  readonly name: string;
  /** NaN and infinities as they were reported. */
  readonly value: number;
  /** The stage that trained it. */
  readonly stage_id: string;
};

/** The learning rates of one epoch of a trial, and how it was trained. */
export type LearningRateRow = {
  readonly trial_id: string;
  /** Counted from 0 from the trial's start. */
  readonly epoch: number;
  readonly steps: number;
  /** Of its first and its last step. */
  readonly first: number;
  readonly last: number;
  readonly least: number;
  readonly greatest: number;
  /** As read back from the optimizer after the last step. */
  readonly applied: number;
  /** How long it took to train. */
  readonly seconds: number;
  readonly stage_id: string;
  /** The attempt of the stage that trained it. */
  readonly attempt: number;
  /** Wall time, milliseconds since 1970. */
  readonly recorded_ms: number;
};

/** The learning rate of each step of an epoch: float32 values, as they were reported. */
export type StepRates = { readonly epoch: number; readonly rates: Float32Array };

/** Runs a query and gives its rows. */
export type All = <T>(sql: string, ...values: readonly (string | number)[]) => readonly T[];

const EPOCHS_OF_A_PAGE = 500;

// The views trial_metrics and learning_rates, for one stage: there SQLite would look at each epoch before a page for every page.
const METRICS = `
  SELECT ? AS trial_id, epoch, name, stage_id,
    CASE kind WHEN 'nan' THEN 'NaN' WHEN '+inf' THEN 'Infinity' WHEN '-inf' THEN '-Infinity' ELSE value END AS value
  FROM metric WHERE stage_id = ? AND epoch >= ? AND epoch < ? ORDER BY epoch, name`;

const RATES = `
  SELECT ? AS trial_id, epoch, steps, lr_first AS first, lr_last AS last, lr_least AS least, lr_greatest AS greatest,
    lr_applied AS applied, seconds, stage_id, attempt, recorded_ms
  FROM epoch WHERE stage_id = ? AND epoch >= ? AND epoch < ? ORDER BY epoch`;

const SERIES = `
  SELECT from_step, float32_values AS bytes FROM learning_rate_series
  WHERE stage_id = ? AND epoch = ? AND attempt = ? ORDER BY from_step`;

/** A trial's metrics, by epoch and name. */
export function* readMetrics(all: All, trialId: string): IterableIterator<MetricRow> {
  for (const page of pages(all, trialId))
    for (const row of all<Omit<MetricRow, 'value'> & { value: number | string }>(
      METRICS,
      trialId,
      ...page,
    ))
      yield { ...row, value: Number(row.value) };
}

/** A trial's learning rates, by epoch. */
export function* readRates(all: All, trialId: string): IterableIterator<LearningRateRow> {
  for (const page of pages(all, trialId)) yield* all<LearningRateRow>(RATES, trialId, ...page);
}

/** The rates of all steps, epoch by epoch; an epoch of one rate has it once for each step. */
export function* readStepRates(all: All, trialId: string): IterableIterator<StepRates> {
  for (const row of readRates(all, trialId)) {
    const rates = new Float32Array(row.steps).fill(row.first);
    for (const chunk of all<Chunk>(SERIES, row.stage_id, row.epoch, row.attempt))
      rates.set(toFloats(chunk.bytes), chunk.from_step);
    yield { epoch: row.epoch, rates };
  }
}

type Chunk = { readonly from_step: number; readonly bytes: Buffer };

function toFloats(bytes: Buffer): Float32Array {
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

/** A stretch of epochs of one stage, its end exclusive. */
type Page = readonly [stageId: string, from: number, to: number];

type Member = {
  readonly stage_id: string;
  readonly from_epoch: number;
  /** Exclusive. */
  readonly end: number | null;
};

const PATH = `
  SELECT stage_id, from_epoch,
    (SELECT max(e.epoch) + 1 FROM epoch e WHERE e.stage_id = ts.stage_id AND e.epoch < coalesce(ts.to_epoch, 9e15)) AS end
  FROM trial_stage ts WHERE trial_id = ? ORDER BY from_epoch, end`;

function* pages(all: All, trialId: string): IterableIterator<Page> {
  for (const { stage_id: id, from_epoch: first, end } of all<Member>(PATH, trialId))
    for (let from = first; from < (end ?? 0); from += EPOCHS_OF_A_PAGE)
      yield [id, from, Math.min(from + EPOCHS_OF_A_PAGE, end ?? 0)];
}
