// A plan as JSON.

import { countConfigs } from '../../plan/setting.ts';
import { nameOf } from './checkpoint-lines.ts';
import { ASSUMES, epochsOfRun } from './epoch-lines.ts';
import type { Planned } from './plan-lines.ts';

/** The document. */
export function toJson({ spec, plan, sample, curves, left }: Planned): unknown {
  return {
    name: spec.name,
    trials: plan.trials,
    families: plan.families,
    trials_per_family: plan.settings.length,
    strategies: plan.strategies,
    sharing: spec.sharing,
    steps_per_epoch: toSteps(plan),
    epochs: toEpochs(spec, plan),
    opened: sample === undefined ? null : toOpened(spec, sample),
    checkpoints: toCheckpoints(spec, plan, sample),
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

function toSteps({ stepsPerEpoch: steps, steps: counts }: Planned['plan']): unknown {
  return {
    from: steps.kind,
    count: steps.kind === 'missing' ? null : steps.count,
    counts,
    needed_by: steps.kind === 'missing' ? steps.fields : [],
  };
}

function toEpochs(spec: Planned['spec'], plan: Planned['plan']): unknown {
  const { delivered, trained } = plan;
  return {
    without_sharing: delivered,
    with_sharing: trained ? { least: trained.least, most: trained.most } : null,
    of_a_run: epochsOfRun(spec, plan) ?? null,
    ratio: trained ? { least: delivered / trained.most, most: delivered / trained.least } : null,
    is_complete: trained?.isComplete ?? false,
    assumes: trained?.followsMetrics === true ? ASSUMES : null,
    families_that_share_nothing: plan.unsavable,
  };
}

function toOpened(
  spec: Planned['spec'],
  { samples, opened, problem, slots }: NonNullable<Planned['sample']>,
): unknown {
  return {
    configs: countConfigs(spec),
    problem: problem?.message ?? null,
    slots: slots ?? null,
    tried: opened.map((one, i) => ({
      config: samples[i]?.trial.config,
      name: nameOf(spec, samples[i]),
      problem: one.problem ?? null,
      backend: one.backend,
      steps_per_epoch: one.facts?.stepsPerEpoch ?? null,
      can_save: one.facts?.canSave ?? null,
      checkpoint_bytes: one.facts?.checkpointBytes ?? null,
      fixed_dropouts: one.fixedDropouts,
    })),
  };
}

function toCheckpoints(
  { keep, checkpoint_every }: Planned['spec'],
  { checkpoints: held }: Planned['plan'],
  sample: Planned['sample'],
): unknown {
  if (held === undefined) return null;
  const { forks, kept, perSlot, bytes } = held;
  const slots = sample?.slots;
  return {
    keep,
    checkpoint_every: checkpoint_every.count,
    at_most: { forks, kept, per_slot: perSlot },
    bytes_at_most: bytes
      ? {
          held: bytes.held,
          per_slot: bytes.perSlot,
          on_this_machine: slots === undefined ? null : bytes.held + slots * bytes.perSlot,
        }
      : null,
  };
}
