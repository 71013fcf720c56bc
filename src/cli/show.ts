// `espalier show`: a sweep's trials, or one trial's path through the stage tree and its epochs.

import type { Command } from 'commander';
import type { FoundRateRow, Results, TrialRow } from '../results/open-results.ts';
import type { SteeredTrial, Steering } from '../results/steering.ts';
import { toFinding } from '../lr/find.ts';
import { formatDelivered } from '../dashboard/frame/number.ts';
import type { StateOption } from './options.ts';
import { jsonOption, stateOption, withExample } from './options.ts';
import { print, printJson, toTable } from './output.ts';
import { pathJson, pathLines } from './path-lines.ts';
import { findSweep, findTrial, withResults } from './with-results.ts';

/** Adds the command. */
export function addShowCommand(program: Command): void {
  const command = program
    .command('show')
    .description("show a sweep's trials, or one trial's path through the stage tree and its epochs")
    .argument('<sweep>', 'the sweep, or a trial such as digits-lr/7')
    .argument('[trial]', "the trial's number")
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(run);
  withExample(command, 'espalier show digits-lr', 'espalier show digits-lr 7');
}

async function run(
  sweep: string,
  trial: string | undefined,
  options: StateOption & { readonly json?: true },
): Promise<void> {
  await withResults(options, (results) => {
    const trialId = sweep.includes('/') ? sweep : trial;
    if (trialId === undefined) return showSweep(results, sweep, options.json ?? false);
    return showTrial(results, findTrial(results, trialId, sweep), options.json ?? false);
  });
}

function showSweep(results: Results, id: string, json: boolean): void {
  const sweep = findSweep(results, id);
  const trials = results.trials(id);
  const found_rates = results.foundRates(id);
  const { priority, trials: steered } = results.steering(id);
  if (json) {
    const all = trials.map((trial) => ({ ...trial, ...toSteered(steered, trial) }));
    return printJson({ ...sweep, priority, trials: all, found_rates });
  }
  const rank = priority === 0 ? '' : `, priority ${priority}`;
  print(
    `${sweep.sweep_id}: ${sweep.state}, ${sweep.trials} trials, ${sweep.mode} ${sweep.metric}${rank}`,
  );
  const { epochs_delivered: delivered, epochs_total: total, epochs_trained: trained } = sweep;
  print(`epochs: ${formatDelivered(delivered, total, trained)}`);
  for (const rate of found_rates) print(foundLine(rate));
  print('');
  const header = [
    '#',
    'STATE',
    'STRATEGY',
    'VALUES',
    'CONFIG',
    'SEED',
    'EPOCHS',
    'BEST',
    'AT',
    'LAST',
    'MESSAGE',
  ];
  const rows = trials.map((t) => [
    t.number,
    t.state,
    t.strategy,
    t.strategy_label,
    t.config_label,
    t.seed,
    `${t.epochs_done}/${t.epochs}`,
    t.best_value,
    t.best_epoch,
    t.last_value ?? t.last_kind,
    firstLine(t.message),
  ]);
  for (const line of toTable(header, rows)) print(line);
}

function toSteered(all: Steering['trials'], { trial_id: id }: TrialRow): SteeredTrial {
  return all.get(id) ?? { priority: 0, cloned_from: null };
}

function steeredLine(trial: SteeredTrial): string {
  const { priority, cloned_from: from } = trial;
  const words = [
    ...(from === null ? [] : [`cloned from ${from}`]),
    ...(priority === 0 ? [] : [`priority ${priority}`]),
  ];
  return words.length === 0 ? '' : `, ${words.join(', ')}`;
}

function foundLine(rate: FoundRateRow): string {
  const [max, base, least, greatest] = [rate.max_lr, rate.base_lr, rate.least, rate.greatest].map(
    (value) => Number(value.toPrecision(3)),
  );
  const seeds = `${rate.found} of ${rate.tested} seeds, ${least} to ${greatest}`;
  const { suggest } = toFinding({ find: JSON.parse(rate.find_json) }).find;
  return `range test of ${rate.config_json} by ${suggest}: max_lr ${max} (${seeds}), base_lr ${base}`;
}

function showTrial(results: Results, trial: TrialRow, json: boolean): void {
  const epochs = results.epochs(trial.trial_id);
  const path = results.path(trial);
  const steered = toSteered(results.steering(trial.sweep_id).trials, trial);
  if (json) return printJson({ ...trial, ...steered, ...pathJson(path), history: epochs });
  print(
    `${trial.trial_id}: ${trial.state}, ${trial.epochs_done} of ${trial.epochs} epochs, seed ${trial.seed}${steeredLine(steered)}`,
  );
  print(`learning rate: ${trial.strategy} ${trial.strategy_label}`);
  print(`config: ${trial.config_json}`);
  if (trial.best_value !== null)
    print(`best ${trial.metric}: ${trial.best_value} at epoch ${trial.best_epoch}`);
  for (const line of pathLines(path)) print(line);
  for (const line of trial.message.split('\n').filter((text) => text !== '')) print(line);
  print('');
  const names = [...new Set(epochs.flatMap((epoch) => Object.keys(epoch.metrics)))];
  const rows = epochs.map((epoch) => [
    epoch.epoch,
    epoch.first,
    epoch.last,
    ...names.map((name) => epoch.metrics[name] ?? null),
    epoch.seconds,
  ]);
  for (const line of toTable(['EPOCH', 'LR FIRST', 'LR LAST', ...names, 'SECONDS'], rows))
    print(line);
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.slice(0, 80) ?? '';
}
