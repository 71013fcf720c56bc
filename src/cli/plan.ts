// `espalier plan`: what a sweep would do, before anything runs. Promise: nothing is started, written or asked of a server.

import type { Command } from 'commander';
import { Option } from 'commander';
import type { SweepSpec } from '../domain/sweep.ts';
import type { Curve } from '../plan/curve.ts';
import type { Note } from '../plan/notes.ts';
import type { Plan, Trained } from '../plan/plan-sweep.ts';
import type { Setting } from '../plan/setting.ts';
import { jsonOption, wholeNumber, withExample } from './options.ts';
import { print, printJson, toTable } from './output.ts';

type Options = { readonly json?: true; readonly stepsPerEpoch?: number };

const COLUMNS = 40;
const MOST_LINES = 40;
const MOST_CURVES_IN_JSON = 1000;
const MOST_TRIALS_NAMED = 5;

const ASSUMES = {
  least:
    'At least: a plateau never parts from a trial that began alike, as where its metric keeps improving.',
  most: 'At most: plateaus share what is known beforehand (up to the epoch of the first cut possible) and what equal settings must share, nothing else.',
  both: "Both take the first value of a plateau's metric to be finite.",
} as const;

/** Adds the command. */
export function addPlanCommand(program: Command): void {
  const command = program
    .command('plan')
    .description('show what a sweep would do, before anything runs')
    .argument('<file>', 'the sweep file')
    .addOption(
      new Option(
        '--steps-per-epoch <n>',
        'optimizer steps of an epoch, where the sweep file does not say',
      ).argParser(wholeNumber(1)),
    )
    .addOption(jsonOption())
    .action(run);
  withExample(
    command,
    'espalier plan examples/digits/sweep.yaml',
    'espalier plan sweep.yaml --steps-per-epoch 391   # for strategies with lengths in steps',
  );
}

async function run(file: string, options: Options): Promise<void> {
  const { readSweepFile } = await import('../submission/prepare-submission.ts');
  const { planSweep } = await import('../plan/plan-sweep.ts');
  const { toCurve } = await import('../plan/curve.ts');
  const { stepsFor } = await import('../plan/steps-per-epoch.ts');
  const { describeStrategy } = await import('../space/describe.ts');
  const { trialAt } = await import('../space/grid.ts');
  const { spec } = readSweepFile(file);
  const plan = planSweep(spec, options.stepsPerEpoch);
  const most = options.json ? MOST_CURVES_IN_JSON : MOST_LINES;
  const drawable = longestOfEach(plan.settings, spec.epochs.length).filter((setting) =>
    stepsFor(plan.stepsPerEpoch, setting),
  );
  const curves = drawable.slice(0, most).map((setting): Drawn => {
    const name = `${setting.spec.strategy} ${describeStrategy(trialAt(spec, setting.number - 1), spec)}`;
    const steps = stepsFor(plan.stepsPerEpoch, setting) ?? 1;
    return { setting, name, curve: toCurve(setting, steps, COLUMNS) };
  });
  const left = drawable.length - curves.length;
  if (options.json) return printJson(toJson(spec, plan, curves, left));
  for (const line of toLines(spec, plan, curves, left)) print(line);
}

/** A setting with its name in words and its curve. */
type Drawn = { readonly setting: Setting; readonly name: string; readonly curve: Curve };

/** One setting for each strategy's point: the longest, where the sweep has several lengths. */
function longestOfEach(settings: readonly Setting[], lengths: number): readonly Setting[] {
  return settings.flatMap((_, i) => {
    const sameSpec = i % lengths === 0 ? settings.slice(i, i + lengths) : [];
    return sameSpec.toSorted((a, b) => b.epochs - a.epochs).slice(0, 1);
  });
}

function toLines(
  { name, sharing }: SweepSpec,
  plan: Plan,
  curves: readonly Drawn[],
  left: number,
): readonly string[] {
  const { trials, families, settings, strategies } = plan;
  const family = families === 1 ? '1 family' : `${families} families`;
  return [
    `${name}: ${plural(trials, 'trial')} in ${family} of ${plural(settings.length, 'trial')} each`,
    'A family has one config and one seed: its trials differ only in learning rate or epochs, so they may share beginnings.',
    '',
    ...toTable(
      ['STRATEGY', 'TRIALS'],
      strategies.map((row) => [row.strategy, row.trials]),
    ),
    '',
    ...epochLines(plan),
    ...(sharing === 'off' ? ['The sweep file says sharing: off.'] : []),
    ...noteLines(plan.notes, families),
    ...curveLines(curves, left),
  ];
}

function epochLines({ delivered, trained, stepsPerEpoch }: Plan): readonly string[] {
  const without = `epochs without sharing: ${delivered}`;
  if (trained === undefined) {
    const fields = stepsPerEpoch.kind === 'missing' ? stepsPerEpoch.fields.join(', ') : '';
    return [
      without,
      `epochs with sharing: not known without the number of steps in an epoch (it matters to ${fields}); say steps_per_epoch: N in the sweep file, or --steps-per-epoch N`,
    ];
  }
  const assumed = stepsPerEpoch.kind === 'assumed' && trained.hasMoved;
  return [
    without,
    `epochs with sharing: ${toRange(trained)} (${toRatio(delivered, trained)} times fewer)`,
    ...(trained.followsMetrics && trained.least < trained.most ? Object.values(ASSUMES) : []),
    ...(trained.isComplete
      ? []
      : ['The sweep is too big to look at every step: bounds may be wide and notes missing.']),
    ...(assumed
      ? [
          `Counted and drawn with ${stepsPerEpoch.count} steps an epoch; say steps_per_epoch: N in the sweep file, or --steps-per-epoch N.`,
        ]
      : []),
    `Sharing is not built yet: today a run trains all ${plural(delivered, 'epoch')}. This is what sharing would save.`,
  ];
}

function toRange({ least, most }: Trained): string {
  return least === most ? String(least) : `at least ${least}, at most ${most}`;
}

function toRatio(delivered: number, { least, most }: Trained): string {
  const [low, high] = [(delivered / most).toFixed(2), (delivered / least).toFixed(2)];
  return low === high ? low : `${low} to ${high}`;
}

function noteLines(notes: readonly Note[], families: number): readonly string[] {
  if (notes.length === 0) return [];
  const others = families > 1 ? ' (trials of the first family; the others have the same)' : '';
  const lines = notes.slice(0, MOST_LINES).map((note) => `  ${noteLine(note)}`);
  const left = notes.length - lines.length;
  return ['', `notes${others}`, ...lines, ...(left > 0 ? [`  ${more(left)}`] : [])];
}

function noteLine({ message, trials }: Note): string {
  const named = trials.slice(0, MOST_TRIALS_NAMED).map((number) => `#${number}`);
  const left = trials.length - named.length;
  return `${named.join(', ')}${left > 0 ? ` and ${left} more` : ''}: ${message}`;
}

function curveLines(curves: readonly Drawn[], left: number): readonly string[] {
  if (curves.length === 0) return [];
  const table = toTable(
    ['TRIAL', 'LEARNING RATE OVER TRAINING', 'FIRST', 'GREATEST', 'LAST', ''],
    curves.map(({ setting, name, curve }) => [
      `#${setting.number}`,
      curve.chart,
      curve.first,
      curve.greatest,
      curve.last,
      `${name}${curve.isLog ? ' (log scale)' : ''}`,
    ]),
  );
  const isReactive = curves.some(({ setting }) => setting.spec.strategy === 'plateau');
  return [
    '',
    ...table,
    ...(left > 0 ? [more(left)] : []),
    ...(isReactive ? ['Plateaus are drawn as if no epoch after the first were any better.'] : []),
  ];
}

function more(count: number): string {
  return `and ${count} more (--json has them)`;
}

function plural(count: number, word: string): string {
  return count === 1 ? `1 ${word}` : `${count} ${word}s`;
}

function toJson(spec: SweepSpec, plan: Plan, curves: readonly Drawn[], left: number): unknown {
  const { trained, stepsPerEpoch: steps } = plan;
  return {
    name: spec.name,
    trials: plan.trials,
    families: plan.families,
    trials_per_family: plan.settings.length,
    strategies: plan.strategies,
    sharing: spec.sharing,
    sharing_is_built: false,
    steps_per_epoch: {
      from: steps.kind,
      count: steps.kind === 'missing' ? null : steps.count,
      needed_by: steps.kind === 'missing' ? steps.fields : [],
    },
    epochs: {
      without_sharing: plan.delivered,
      with_sharing: trained ? { least: trained.least, most: trained.most } : null,
      ratio: trained
        ? { least: plan.delivered / trained.most, most: plan.delivered / trained.least }
        : null,
      is_complete: trained?.isComplete ?? false,
      assumes: trained?.followsMetrics === true ? ASSUMES : null,
    },
    notes: plan.notes,
    curves: curves.map(({ setting, name, curve: { isLog, ...curve } }) => ({
      trial: setting.number,
      name,
      epochs: setting.epochs,
      ...curve,
      is_log: isLog,
    })),
    curves_left_out: left,
  };
}
