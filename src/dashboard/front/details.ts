// All that is known of a trial, value by value: where a line of the screen cuts its config or its message off, this does not.

import { toPlainLine } from '../../domain/plain-text.ts';
import type { TrialView } from '../../wire/generated/espalier/v1/sweep.ts';
import { formatRate, formatValue } from '../frame/number.ts';
import { stateOf } from '../frame/state.ts';
import { trialName } from '../frame/trial-name.ts';
import { change, shownSweep, type Model, type Step } from '../model.ts';
import { sharingText } from '../summary/sharing.ts';
import { showText } from './text.ts';

const LABEL = 16;
const ENOUGH = 400;

/** Shows it. */
export function showDetails(model: Model, trialId: string): Step {
  const shown = model.trials.get(trialId);
  if (shown === undefined) return change(model, { notice: 'no trial is selected' });
  const metric = shownSweep(model)?.objective?.metric ?? 'objective';
  const lines = [
    labelled('trial', toPlainLine(shown.trialId)),
    labelled('state', stateOf(shown) + (shown.attempt > 1 ? `, attempt ${shown.attempt}` : '')),
    labelled('message', shown.message),
    labelled('epochs', `${shown.epoch} of ${shown.epochs}`),
    labelled(metric, valueText(shown)),
    labelled('learning rate', shown.epoch === 0 ? '' : `${formatRate(shown.learningRate)} now`),
    labelled('seed', String(shown.seed)),
    labelled('slot', shown.slot),
    labelled('stage', toPlainLine(shown.stageId)),
    labelled('', sharingText(model.trials.values(), shown, ENOUGH)),
    ...fieldLines(shown.strategy, shown.strategyFields),
    ...fieldLines('config', shown.configFields),
  ].filter(Boolean);
  return showText(model, trialName(shown), lines);
}

function labelled(label: string, value: string): string {
  return value === '' ? '' : `${label.padEnd(LABEL)}${value}`;
}

function valueText({ hasValue, bestValue, bestEpoch, lastValue }: TrialView): string {
  if (!hasValue) return '';
  return `best ${formatValue(bestValue)} at epoch ${bestEpoch}, last ${formatValue(lastValue)}`;
}

function fieldLines(title: string, fields: TrialView['strategyFields']): readonly string[] {
  if (fields.length === 0) return [];
  return [' ', title, ...fields.map(({ name, value }) => `  ${name.padEnd(LABEL - 2)}${value}`)];
}
