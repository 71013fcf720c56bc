// Members of stages for tests: trial n with a strategy.

import { type Member, type MemberSpec, toMembers } from '../../../agent/core/cohort.ts';

/** What all members share in these tests. */
export const RUN = {
  stepsPerEpoch: 2,
  objective: { metric: 'val_loss', mode: 'min' },
} as const;

/** The trial of this number, which trains so many epochs. */
export function toSpec(number: number, spec: MemberSpec['spec'], epochs = 10): MemberSpec {
  return { trialId: `w/${number}`, number, spec, epochs };
}

/** A trial with one rate throughout. */
export function toFixed(number: number, lr = 0.1, epochs = 10): MemberSpec {
  return toSpec(number, { strategy: 'fixed', lr }, epochs);
}

/** A trial that halves its rate after so many epochs without improvement. */
export function toPlateau(number: number, patience: number, epochs = 10): MemberSpec {
  return toSpec(number, { strategy: 'plateau', lr: 0.1, patience, factor: 0.5 }, epochs);
}

/** The members before their first epoch. */
export function join(...specs: readonly MemberSpec[]): readonly Member[] {
  return toMembers(specs, RUN);
}
