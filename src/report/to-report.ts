// From the rows of a sweep to what its report is made of.
// Promise: a pure function of the rows and the time; what does not fit into the budget is told in `leftOut`.

import { groupBy } from '../domain/group-by.ts';
import type { JsonNumber } from '../domain/json-number.ts';
import { toPlainLine, toPlainLines } from '../domain/plain-text.ts';
import type { SweepRows, TrialRecord } from '../results/sweep-rows.ts';
import { curveReader, planCurves } from './to-curves.ts';
import type { OriginData, ReportData, SettingData, SweepData, TrialData } from './report-data.ts';

/** When the report is made, and by which release. */
export type Making = { readonly nowMs: number; readonly version: string; readonly node: string };

/** Of a message so many characters are kept. */
const MESSAGE_MOST = 4_000;

/** The report of a sweep. */
export function toReport(rows: SweepRows, making: Making): ReportData {
  const { settings, settingOf } = toSettings(rows.trials);
  const places = new Map(rows.stages.map(({ stage_id: id }, place) => [id, place]));
  const paths = groupBy(rows.members, ({ trial_id: id }) => id);
  const seconds = groupBy(rows.epochs, ({ stage_id: id }) => id);
  const plan = planCurves(rows);
  const curvesOf = curveReader(rows, plan);
  const trials = rows.trials.map((trial, index): TrialData => {
    const path = paths.get(trial.trial_id) ?? [];
    const { curves, epochs } = curvesOf(trial, path);
    return {
      number: trial.number,
      setting: settingOf[index] ?? 0,
      seed: trial.seed,
      state: trial.state,
      done: trial.epochs_done,
      value: trial.value,
      best: trial.best_value,
      bestEpoch: trial.best_epoch,
      last: toLast(trial),
      seconds: toSeconds(epochs),
      message: toPlainLines(trial.message).slice(0, MESSAGE_MOST),
      path: path.flatMap(({ stage_id: id }) => places.get(id) ?? []),
      curves,
    };
  });
  return {
    sweep: toSweep(rows),
    settings,
    trials,
    stages: rows.stages.map((stage) => ({
      id: stage.stage_id,
      parent: places.get(stage.parent_id ?? '') ?? -1,
      from: stage.from_epoch,
      recorded: stage.recorded_epochs,
      repeated: stage.repeated_epochs,
      seconds: toSeconds(seconds.get(stage.stage_id) ?? []),
      reproducible: Boolean(stage.reproducible),
      state: stage.state,
    })),
    origin: toOrigin(rows, making),
    leftOut: plan.leftOut,
  };
}

function toSettings(trials: readonly TrialRecord[]): {
  readonly settings: readonly SettingData[];
  readonly settingOf: readonly number[];
} {
  const places = new Map<string, number>();
  const settings: SettingData[] = [];
  const settingOf = trials.map((trial) => {
    // Not the labels, which leave out what the sweep file does not say.
    const key = JSON.stringify([trial.strategy_json, trial.config_json, trial.epochs]);
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, settings.length);
    return settings.push(toSetting(trial)) - 1;
  });
  return { settings, settingOf };
}

function toSetting(trial: TrialRecord): SettingData {
  const { strategy: _name, ...fields }: Fields = JSON.parse(trial.strategy_json);
  const configFields: Fields = JSON.parse(trial.config_json);
  return {
    strategy: trial.strategy,
    label: toPlainLine(trial.strategy_label),
    config: toPlainLine(trial.config_label),
    fields,
    configFields,
    epochs: trial.epochs,
  };
}

function toSeconds(epochs: readonly { readonly seconds: number }[]): number {
  return Number(epochs.reduce((sum, { seconds }) => sum + seconds, 0).toPrecision(6));
}

type Fields = Readonly<Record<string, unknown>>;

function toLast({ last_kind: kind, last_value: value }: TrialRecord): JsonNumber | null {
  if (kind === 'nan') return 'NaN';
  if (kind === '+inf') return 'Infinity';
  if (kind === '-inf') return '-Infinity';
  return value;
}

function toSweep({ sweep, trials, stages }: SweepRows): SweepData {
  return {
    name: sweep.sweep_id,
    state: sweep.state,
    metric: sweep.metric,
    mode: sweep.mode,
    at: sweep.at,
    epochsTotal: trials.reduce((sum, { epochs }) => sum + epochs, 0),
    epochsDelivered: trials.reduce((sum, { epochs_done: done }) => sum + done, 0),
    epochsTrained: stages.reduce((sum, { recorded_epochs: count }) => sum + count, 0),
    submittedMs: sweep.submitted_ms,
    endedMs: sweep.ended_ms,
    seeds: [...new Set(trials.map(({ seed }) => seed))].toSorted((a, b) => a - b),
  };
}

function toOrigin({ sweep, stages, agents }: SweepRows, making: Making): OriginData {
  type File = { readonly path: string; readonly sha256: string };
  const [bundle, files]: [File, File[]] = [
    JSON.parse(sweep.bundle_json),
    JSON.parse(sweep.files_json),
  ];
  return {
    sweepFile: sweep.sweep_file,
    versions: [`Espalier ${making.version} on Node.js ${making.node} (this report)`],
    numerics: [...new Set(stages.flatMap(({ numerics }) => numerics ?? []))].toSorted(),
    agents: agents.map(({ name, version }) => `${name} (Espalier ${version})`),
    files: [bundle, ...files].map(({ path, sha256 }) => ({ path, sha256 })),
    madeMs: making.nowMs,
  };
}
