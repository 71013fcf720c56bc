// What a range test found, as lines for people.

import { METHODS, type Suggestion } from '../../../lr/range-test/analyze-losses.ts';
import { describeValues } from '../../../space/describe.ts';
import { type Cell, toShortNumber, toTable } from '../../output.ts';
import { plural } from '../../words.ts';
import type { Found, Read } from './found.ts';
import { toYaml } from './yaml-block.ts';

/** Seeds that differ more than so many times are far apart. */
const FAR = 3;

/** The lines; `chart` is drawn before what was chosen. */
export function toLines(found: Found, chart: readonly string[]): readonly string[] {
  return [...headLines(found), '', ...seedLines(found), '', ...chart, '', ...choiceLines(found)];
}

function headLines({ name, chosen, ramp, seeds }: Found): readonly string[] {
  const { number, count, config, isChanged } = chosen;
  const values = describeValues(config);
  const [first] = seeds;
  return [
    `${name}: range test of config ${number} of ${count}${isChanged ? ', changed' : ''}${values === '' ? '' : `: ${values}`}`,
    ...(count > 1 ? ['  --config N tests another one'] : []),
    `${ramp.steps} steps from ${ramp.min_lr} to ${ramp.max_lr}, ${ramp.scale}; ${plural(first?.stepsPerEpoch ?? 0, 'step')} an epoch, on ${first?.backend ?? ''}`,
  ];
}

function seedLines({ seeds }: Found): readonly string[] {
  const table = toTable(
    ['SEED', 'STEPS', 'VALLEY', 'STEEPEST', 'MINIMUM/10', 'ENDED'],
    seeds.map(toRow),
  );
  return [...table, ...seeds.flatMap(toReasons)];
}

function toRow({ seed, losses, analysis }: Read): readonly Cell[] {
  const { diverged } = analysis;
  const end =
    diverged === undefined
      ? 'at the last step'
      : `at ${toShort(diverged.learningRate)}: ${diverged.why}`;
  return [seed, losses.length, ...METHODS.map((method) => toCell(analysis[method])), end];
}

function toCell(suggestion: Suggestion): Cell {
  return suggestion.kind === 'found' ? Number(suggestion.learningRate.toPrecision(3)) : null;
}

/** Why a seed suggests nothing, once where no way to read it does. */
function toReasons({ seed, analysis }: Read): readonly string[] {
  const reasons = METHODS.flatMap((method) => {
    const suggestion = analysis[method];
    return suggestion.kind === 'none' ? [{ method, why: suggestion.why }] : [];
  });
  const isAll = reasons.length === METHODS.length;
  if (isAll) return [`seed ${seed}: ${reasons[0]?.why ?? ''}`];
  return reasons.map(({ method, why }) => `seed ${seed}, no ${method}: ${why}`);
}

function choiceLines({ rates, block, method, seeds }: Found): readonly string[] {
  if (rates.kind === 'none' || block === undefined)
    return [`No learning rate is suggested: too few of the seeds have a ${method}.`];
  const { max_lr, base_lr, words } = rates;
  return [
    `max_lr   ${toShort(max_lr)}${seeds.length > 1 ? spreadOf(rates) : ''}`,
    `base_lr  ${toShort(base_lr)}`,
    words,
    '',
    'For the sweep file:',
    '',
    ...toYaml(block),
  ];
}

/** How far the seeds differ. With more steps a decade the mean of the losses says more of each learning rate. */
function spreadOf({
  least,
  greatest,
}: {
  readonly least: number;
  readonly greatest: number;
}): string {
  const spread = `   (${toShort(least)} to ${toShort(greatest)} over the seeds`;
  return greatest > FAR * least ? `${spread}; more --steps bring them nearer)` : `${spread})`;
}

function toShort(value: number): string {
  return toShortNumber(Number(value.toPrecision(3)));
}
