// The part of a plan that says what was opened, and how many checkpoints can be held at once.

import type { SweepSpec } from '../../domain/sweep.ts';
import type { HeldCheckpoints } from '../../plan/held-checkpoints.ts';
import type { Plan } from '../../plan/plan-sweep.ts';
import { countConfigs } from '../../plan/setting.ts';
import { describeConfig } from '../../space/describe.ts';
import type { OpenedSample } from './open-sample.ts';
import { plural, toSize } from '../words.ts';

/** What was opened, and what that told besides numbers. */
export function openedLines(
  spec: SweepSpec,
  { steps }: Plan,
  { samples, opened, problem }: OpenedSample,
): readonly string[] {
  const total = countConfigs(spec);
  const good = opened.filter(({ facts }) => facts !== undefined);
  const backends = [...new Set(good.map(({ backend }) => backend))].join(', ');
  const fixed = [...new Set(good.flatMap(({ fixedDropouts }) => fixedDropouts))];
  const others = good.length < total ? '; the others are taken to be like them' : '';
  const stepWords = steps.map(({ count, families }) =>
    steps.length === 1 ? `${count}` : `${count} (${plural(families, 'family')})`,
  );
  const lines: readonly (string | false)[] = [
    problem !== undefined && `No trial can be opened: ${problem.message}`,
    ...opened.map(
      (one, i) =>
        one.problem !== undefined &&
        `${nameOf(spec, samples[i])} cannot be opened: ${one.problem.replaceAll('\n', '\n  ')}`,
    ),
    good.length > 0 && `opened ${toShare(good.length, total)} on ${backends}${others}`,
    good.length > 0 && `steps of an epoch: ${stepWords.join(', ')}`,
    good.length > 0 &&
      steps.some(({ count }) => count !== (spec.steps_per_epoch ?? count)) &&
      `You said ${spec.steps_per_epoch} steps; what was seen counts.`,
    fixed.length > 0 &&
      `Dropout with a seed of its own drops the same units at every step: ${fixed.join(', ')}`,
  ];
  return lines.filter((line) => line !== false);
}

/** The name of a config among the others of its sweep. */
export function nameOf(
  spec: SweepSpec,
  sample: OpenedSample['samples'][number] | undefined,
): string {
  const name = sample && describeConfig(sample.trial, { ...spec, epochs: [sample.trial.epochs] });
  return name ? `config ${name}` : 'the config';
}

function toShare(some: number, total: number): string {
  return some === total ? plural(total, 'config') : `${some} of ${plural(total, 'config')}`;
}

/** How many checkpoints can be held, and why. */
export function checkpointLines(
  spec: SweepSpec,
  { checkpoints: held }: Plan,
  sample: OpenedSample | undefined,
): readonly string[] {
  if (held === undefined) return [];
  if (held.perSlot === 0) return ['checkpoints: none, since no trial can be saved'];
  const { keep, checkpoint_every: every } = spec;
  return [
    ...boundLines(held, sample),
    `  ${plural(held.forks, 'fork')}: one each, until every stage behind it has one of its own or is done`,
    `  keep: ${keep}: ${held.kept}`,
    `  each slot that trains: ${held.perSlot}, the latest and one on its way (checkpoint_every: ${plural(every.count, 'epoch')})`,
    '  besides: one for each paused trial, and for each stage that has failed or waits because its agent was lost; agents hold copies',
  ];
}

function boundLines(held: HeldCheckpoints, sample: OpenedSample | undefined): readonly string[] {
  const { forks, kept, perSlot, bytes } = held;
  const count = `${plural(forks + kept, 'checkpoint')} and ${perSlot} a slot`;
  if (bytes === undefined)
    return [`checkpoints at most held: ${count}; how large one is only an opened trial tells`];
  const { slots } = sample ?? {};
  const here =
    slots && ` (${toSize(bytes.held + slots * bytes.perSlot)} with ${plural(slots, 'slot')})`;
  return [
    `checkpoint bytes at most held: ${toSize(bytes.held)} and ${toSize(bytes.perSlot)} a slot${here ?? ''}`,
    `  that is ${count}, of ${toSizes(sample)} each`,
  ];
}

function toSizes(sample: OpenedSample | undefined): string {
  const found = (sample?.opened ?? []).map(({ facts }) => facts?.checkpointBytes ?? 0);
  const sizes = found.filter((bytes) => bytes > 0);
  const [least, most] = [toSize(Math.min(...sizes)), toSize(Math.max(...sizes))];
  return least === most ? most : `${least} to ${most}`;
}
