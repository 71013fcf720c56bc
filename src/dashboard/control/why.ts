// Asking why a trial, or the sweep as a whole, is as it is, and the answer as a text.

import { reasonOf } from '../../domain/errors.ts';
import { formatClock } from '../log/clock.ts';
import { change, shownSweep, type Message, type Model, type Step } from '../model.ts';
import { trialName } from '../frame/trial-name.ts';

/** One thing that is true of it; `atMs` is 0 for what holds now. */
type Reason = { readonly words: string; readonly atMs: number };

/** Who knows; an empty `trialId` means the sweep as a whole. */
export type Explainer = {
  readonly explain: (
    sweepId: string,
    trialId: string,
  ) => Promise<{ readonly state: string; readonly reasons: readonly Reason[] }>;
};

/** Asks why a trial is as it is. */
export function askWhyTrial(model: Model, trialId: string): Step {
  const trial = model.trials.get(trialId);
  if (trial === undefined) return change(model, { notice: 'no trial is selected' });
  return ask(model, trial.sweepId, trialId);
}

/** Asks why the shown sweep is where it is. */
export function askWhySweep(model: Model): Step {
  const sweep = shownSweep(model);
  return sweep === undefined
    ? change(model, { notice: 'no sweep is shown' })
    : ask(model, sweep.sweepId, '');
}

/** The answer, or why there is none; nothing is thrown. */
export async function answerWhy(
  explainer: Explainer,
  { sweepId, trialId }: { readonly sweepId: string; readonly trialId: string },
  model: Model,
): Promise<Message> {
  try {
    const { state, reasons } = await explainer.explain(sweepId, trialId);
    const trial = model.trials.get(trialId);
    const name = trial === undefined ? (shownSweep(model)?.name ?? sweepId) : trialName(trial);
    const lines = reasons.flatMap((reason) => toLines(reason, model.zoneMs));
    return { kind: 'text', title: `Why ${name} is ${state}`, lines };
  } catch (error) {
    return { kind: 'notice', text: `not explained: ${reasonOf(error)}` };
  }
}

function ask(model: Model, sweepId: string, trialId: string): Step {
  const effects = [{ kind: 'why', sweepId, trialId }] as const;
  return { model: { ...model, notice: 'asking why …' }, effects };
}

function toLines({ words, atMs }: Reason, zoneMs: number): readonly string[] {
  const [first = '', ...more] = words.split('\n');
  const when = atMs === 0 ? 'now     ' : formatClock(atMs + zoneMs);
  return [`${when}\t${first}`, ...more.map((line) => `          ${line.trim()}`)];
}
