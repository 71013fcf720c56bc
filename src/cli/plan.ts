// `espalier plan`: what a sweep would do, before anything runs. Promise: nothing is trained or written, and no server is asked;
// configs are opened on this machine to see what they are like, unless --no-open is given.

import type { Command } from 'commander';
import { Option } from 'commander';
import { EspalierError } from '../domain/errors.ts';
import type { SweepSpec } from '../domain/sweep.ts';
import type { Plan } from '../plan/plan-sweep.ts';
import type { Setting } from '../plan/setting.ts';
import { jsonOption, timeoutOptions, wholeNumber, withExample } from './options.ts';
import { print, printJson } from './output.ts';
import type { OpenedSample, WorkshopOptions } from './plan/open-sample.ts';
import type { Drawn } from './plan/plan-lines.ts';

type Options = {
  readonly json?: true;
  readonly open: boolean;
  readonly stepsPerEpoch?: number;
  readonly openTimeout?: number;
};

const COLUMNS = 40;
const MOST_CURVES_IN_JSON = 1000;

/** Adds the command. */
export function addPlanCommand(program: Command): void {
  const command = program
    .command('plan')
    .description('show what a sweep would do, before anything runs')
    .argument('<file>', 'the sweep file')
    .option('--no-open', 'look at the sweep file alone; start no trial process')
    .addOption(
      new Option(
        '--steps-per-epoch <n>',
        'optimizer steps of an epoch, where no trial is opened and the sweep file does not say',
      ).argParser(wholeNumber(1)),
    )
    .addOption(jsonOption())
    .action(async (file: string, options: Options) => runPlan(file, options));
  for (const option of timeoutOptions().slice(0, 1)) command.addOption(option);
  withExample(
    command,
    'espalier plan examples/digits/sweep.yaml',
    'espalier plan sweep.yaml --no-open --steps-per-epoch 391   # nothing is started',
  );
}

/**
 * Plans and prints; `settings` are for tests.
 * @throws EspalierError `invalid` or `not-found` for a file that is wrong, `interrupted`; and, when all is printed, what would
 * keep the sweep from starting, or `trials-failed` where a config cannot be opened
 */
export async function runPlan(
  file: string,
  options: Options,
  settings: Partial<WorkshopOptions> = {},
): Promise<void> {
  const { readSweepFile } = await import('../submission/prepare-submission.ts');
  const { planSweep } = await import('../plan/plan-sweep.ts');
  const { MOST_LINES, toLines } = await import('./plan/plan-lines.ts');
  const { toJson } = await import('./plan/plan-json.ts');
  const spec = withSteps(readSweepFile(file).spec, options.stepsPerEpoch);
  const sample = options.open ? await open(file, spec, options, settings) : undefined;
  const plan = planSweep(spec, sample?.families);
  const drawn = await draw(spec, plan, options.json ? MOST_CURVES_IN_JSON : MOST_LINES);
  const planned = { spec, plan, sample, ...drawn };
  if (options.json) printJson(toJson(planned));
  else for (const line of toLines(planned)) print(line);
  throwFailure(sample);
  if (options.open) await checkOwn(file, settings);
}

/** What `run` and `submit` would refuse, `plan` says last. */
async function checkOwn(file: string, settings: Partial<WorkshopOptions>): Promise<void> {
  const { prepareSubmission } = await import('../submission/prepare-submission.ts');
  const { checkOwnStrategies } = await import('./check-own-strategies.ts');
  await checkOwnStrategies(await prepareSubmission(file), settings);
}

function withSteps(spec: SweepSpec, given: number | undefined): SweepSpec {
  return given === undefined ? spec : { ...spec, steps_per_epoch: given };
}

async function open(
  file: string,
  spec: SweepSpec,
  { openTimeout }: Options,
  settings: Partial<WorkshopOptions>,
): Promise<OpenedSample> {
  const { openSample } = await import('./plan/open-sample.ts');
  const limit = openTimeout === undefined ? {} : { openedMs: openTimeout * 1000 };
  return openSample(file, spec, { ...limit, ...settings });
}

/** The words are printed already; scripts read the status. */
function throwFailure(sample: OpenedSample | undefined): void {
  if (sample?.problem !== undefined) throw new EspalierError(sample.problem.code, '');
  if (sample?.opened.some(({ problem }) => problem !== undefined) === true)
    throw new EspalierError('trials-failed', '');
}

async function draw(
  spec: SweepSpec,
  plan: Plan,
  most: number,
): Promise<{ readonly curves: readonly Drawn[]; readonly left: number }> {
  const { toCurve } = await import('../plan/curve.ts');
  const { stepsFor } = await import('../plan/steps-per-epoch.ts');
  const { describeStrategy } = await import('../space/describe.ts');
  const { trialAt } = await import('../space/grid.ts');
  const { isOwn } = await import('../lr/own.ts');
  const drawable = longestOfEach(plan.settings, spec.epochs.length).filter(
    (setting) =>
      !isOwn(setting.spec.strategy) && stepsFor(plan.stepsPerEpoch, setting) !== undefined,
  );
  const curves = drawable.slice(0, most).map((setting): Drawn => {
    const name = `${setting.spec.strategy} ${describeStrategy(trialAt(spec, setting.number - 1), spec)}`;
    const steps = stepsFor(plan.stepsPerEpoch, setting) ?? 1;
    return { setting, name, curve: toCurve(setting, steps, COLUMNS) };
  });
  return { curves, left: drawable.length - curves.length };
}

/** One setting for each strategy's point: the longest, where the sweep has several lengths. */
function longestOfEach(settings: readonly Setting[], lengths: number): readonly Setting[] {
  return settings.flatMap((_, i) => {
    const sameSpec = i % lengths === 0 ? settings.slice(i, i + lengths) : [];
    return sameSpec.toSorted((a, b) => b.epochs - a.epochs).slice(0, 1);
  });
}
