// A sweep in labelled lines: its best trial, epochs delivered and trained, slots in use, checkpoints held.

import type { SweepView } from '../../wire/generated/espalier/v1/sweep.ts';
import { toPlainLine } from '../../domain/plain-text.ts';
import type { Model } from '../model.ts';
import { slotText } from '../summary/slots.ts';
import { cutLine, lineWidth, span, type Line } from './line.ts';
import { formatBytes, formatCount, formatDelivered, formatValue, plural } from './number.ts';
import { fit } from './text.ts';
import { trialName } from './trial-name.ts';

const LABEL = 9;

const TROUBLED: ReadonlySet<string> = new Set(['suspect', 'held', 'lost', 'draining', 'aside']);

/** The lines, in at most `columns` columns each. */
export function factLines(model: Model, sweep: SweepView, columns: number): readonly Line[] {
  const room = columns - LABEL;
  return [
    labelled('best', bestFacts(model, sweep)),
    labelled('epochs', epochFacts(sweep)),
    ...(sweep.state === 'running' ? [labelled('slots', slotFacts(model, room))] : []),
    ...agentFacts(model, room),
    ...(sweep.checkpointBytes > 0
      ? [labelled('holds', [span(`${formatBytes(sweep.checkpointBytes)} of checkpoints`)])]
      : []),
    ...(sweep.notReproducible > 0 ? [labelled('caution', doubtFacts(sweep))] : []),
  ];
}

function labelled(label: string, facts: Line): Line {
  return [span(` ${fit(label, LABEL - 2)} `, 'dim'), ...facts];
}

function bestFacts(model: Model, sweep: SweepView): Line {
  const best = model.trials.get(sweep.bestTrialId);
  const metric = sweep.objective?.metric ?? 'objective';
  if (sweep.bestTrialId === '') return [span(`no ${metric} yet`, 'dim')];
  const value = [span(`${metric} `), span(formatValue(sweep.bestValue), 'strong')];
  if (best === undefined) return value;
  const config = best.config === '' ? '' : `  ${best.config}`;
  return [
    ...value,
    span(`  ${trialName(best)}`),
    span(config),
    span(`  epoch ${best.bestEpoch}`, 'dim'),
  ];
}

function epochFacts(sweep: SweepView): Line {
  const { epochsDelivered, epochsTotal, epochsTrained, epochsRepeated } = sweep;
  const saves = epochsTrained < epochsDelivered;
  return [
    span(formatDelivered(epochsDelivered, epochsTotal, epochsTrained), saves ? 'good' : 'plain'),
    span(epochsRepeated > 0 ? `  ${formatCount(epochsRepeated)} repeated` : '', 'warn'),
  ];
}

/** Why agents are given nothing; one that several share is said once. */
function agentFacts({ agents }: Model, room: number): readonly Line[] {
  const reasons = agents
    .filter(({ reason }) => reason !== '')
    .map(({ state, name, reason }) => (state === 'held' ? reason : `${name}: ${reason}`));
  return [...new Set(reasons)].map((reason) =>
    labelled('agents', cutLine([span(toPlainLine(reason), 'warn')], room)),
  );
}

function doubtFacts({ notReproducible }: SweepView): Line {
  return [span(`${plural(notReproducible, 'stage')} not reproducible when trained again`, 'warn')];
}

function slotFacts(model: Model, room: number): Line {
  const { agents } = model;
  const here = agents.filter(({ state }) => state !== 'gone' && state !== 'lost');
  const slots = here.flatMap((agent) => agent.slots);
  if (slots.length === 0) {
    return [span('none: start an agent with ', 'bad'), span('espalier agent', 'strong')];
  }
  const busy = slots.filter(({ trialId }) => trialId !== '');
  const troubled = agents
    .filter(({ state }) => TROUBLED.has(state))
    .map(({ name, state }) => `${name} ${state}`);
  const use = [
    span(`${busy.length} of ${slots.length} in use on ${plural(here.length, 'agent')}`),
    span(troubled.length === 0 ? '' : `  ${troubled.join(', ')}`, 'warn'),
  ];
  // None is shorter than four columns.
  const named = busy.slice(0, Math.ceil(Math.max(0, room) / 4));
  const names = named.map((slot) => slotText(model, slot)).join('  ');
  return [...use, ...cutLine([span(names === '' ? '' : `  ${names}`)], room - lineWidth(use))];
}
