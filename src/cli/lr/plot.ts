// `espalier lr plot`: strategies drawn before anything is trained, in the terminal or as an SVG.
// Promise: the values are those that trials would get; nothing is started, and no server is asked.

import { type Command, Option } from 'commander';
import { stateOption, type StateOption, wholeNumber, withExample } from '../options.ts';

/** What the command was given besides what to draw. */
export type PlotOptions = StateOption & {
  readonly epochs?: number;
  readonly stepsPerEpoch?: number;
  readonly trial?: readonly number[];
  readonly only?: string;
  readonly metrics?: string;
  readonly trialMetrics?: string;
  readonly momentum: boolean;
  readonly scale?: 'linear' | 'log';
  readonly svg?: string;
  readonly width?: number;
  readonly height?: number;
};

const ARGUMENT =
  'strategies as in a sweep file, { strategy: …, … }, lists being grids; or one sweep file';

/** Adds the command to `espalier lr`. */
export function addPlotCommand(lr: Command): void {
  const command = lr
    .command('plot')
    .description('draw learning rates over a training')
    .argument('<what...>', ARGUMENT);
  for (const option of [...trainingOptions(), ...metricOptions(), ...drawingOptions()])
    command.addOption(option);
  command.action(async (what: readonly string[], options: PlotOptions) => {
    const { runPlot } = await import('./plot/run-plot.ts');
    await runPlot(what, options);
  });
  withExample(
    command,
    "espalier lr plot '{ strategy: cyclic, base_lr: 0.001, max_lr: 0.006, step_size: 4 epochs }'",
    "espalier lr plot '{ strategy: plateau, lr: 0.1, patience: [2, 4] }' --metrics history.csv",
    'espalier lr plot sweep.yaml --only plateau --trial-metrics digits-lr/7',
    'espalier lr plot sweep.yaml --svg rates.svg',
  );
}

function trainingOptions(): readonly Option[] {
  return [
    new Option('--epochs <n>', "length of training (default: the sweep file's, or 20)").argParser(
      wholeNumber(1),
    ),
    new Option(
      '--steps-per-epoch <n>',
      "optimizer steps of an epoch (default: the sweep file's, or 100)",
    ).argParser(wholeNumber(1)),
    new Option('--trial <n>', 'draw this trial of the sweep file; may be repeated').argParser(
      wholeNumbers(1),
    ),
    new Option('--only <strategy>', 'draw strategies of this name alone'),
  ];
}

function metricOptions(): readonly Option[] {
  return [
    new Option(
      '--metrics <file>',
      'what plateau follows: JSON lines or CSV, an epoch a line, or a plain list of numbers',
    ),
    new Option(
      '--trial-metrics <sweep/n>',
      'what plateau follows: the metrics that this trial recorded',
    ).conflicts('metrics'),
    stateOption(),
  ];
}

function drawingOptions(): readonly Option[] {
  return [
    new Option('--no-momentum', 'leave momentum out'),
    new Option('--scale <scale>', 'of learning rates (default: what shows them best)').choices([
      'linear',
      'log',
    ]),
    new Option('--svg <file>', 'write an SVG instead; - means standard output'),
    new Option(
      '--width <n>',
      'columns (default: those of the terminal), or pixels of an SVG (800)',
    ).argParser(wholeNumber(20, 10_000)),
    new Option('--height <n>', 'rows (default: what fits), or pixels of an SVG (420)').argParser(
      wholeNumber(8, 10_000),
    ),
  ];
}

/** Collects whole numbers of at least `least`, in the order in which the option gives them. */
function wholeNumbers(
  least: number,
): (text: string, before: readonly number[] | undefined) => readonly number[] {
  const parse = wholeNumber(least);
  return (text, before = []) => [...before, parse(text)];
}
