// What has happened, in words, as it happens; or what a trial writes.

import { toPlainLine } from '../../domain/plain-text.ts';
import { span, type Line } from '../frame/line.ts';
import { plural } from '../frame/number.ts';
import { trialName } from '../frame/trial-name.ts';
import { layoutOf } from '../layout.ts';
import { countLines, factLines, outputLines, tailOf } from '../log/log-lines.ts';
import { change, type Model, type Size, type Step } from '../model.ts';
import { showOutput } from '../near/show-output.ts';
import { openLine } from '../near/output.ts';
import type { Pane } from '../pane.ts';
import { movementIn } from '../window.ts';
import type { FactView } from '../../wire/generated/espalier/v1/sweep.ts';

/** The pane of the log. */
export const log: Pane = {
  id: 'log',
  title: 'Log',
  keys: [
    ['o', 'facts or output'],
    ['↑ ↓', 'scroll'],
    ['G', 'follow'],
    ['Esc', 'back'],
  ],
  draw,
  press,
  status,
  enter: (model) =>
    model.logShows === 'output' ? showOutput(model, ofTrial(model)) : change(model, { logBack: 0 }),
};

function press(model: Model, key: string): Step | undefined {
  switch (key) {
    case 'o':
      return model.logShows === 'output'
        ? change(model, { logShows: 'facts', logBack: 0 })
        : showOutput(model, ofTrial(model));
    case 'escape':
    case 'left':
    case 'h':
      return model.logShows === 'output'
        ? change(model, { pane: 'trial', logShows: 'facts', logBack: 0 })
        : change(model, { pane: 'overview' });
    default:
      return scroll(model, key);
  }
}

function scroll(model: Model, key: string): Step | undefined {
  const { columns } = model.size;
  const page = Math.max(1, layoutOf(model.size).body - 1);
  const count =
    model.logShows === 'output'
      ? countLines(writtenOf(model), (text) => outputLines(text, columns))
      : countLines(factsOf(model), (fact) => factLines(fact, model.zoneMs, columns));
  const by = movementIn(key, count, page);
  if (by === undefined) return undefined;
  return change(model, { logBack: Math.max(0, Math.min(count - page, model.logBack - by)) });
}

/** The trial in sight, or the selected one. */
function ofTrial({ scope, selectedId }: Model): string {
  return scope.trialId === '' ? selectedId : scope.trialId;
}

/** Whole lines, and what stands of the one that is being written. */
function writtenOf({ output }: Model): readonly string[] {
  const open = openLine(output);
  return open === '' ? output.lines : [...output.lines, open];
}

/** Those of the shown sweep, and of agents. */
function factsOf({ facts, sweepId }: Model): readonly FactView[] {
  return facts.filter((fact) => fact.sweepId === '' || fact.sweepId === sweepId);
}

function status(model: Model): string {
  const back = model.logBack > 0 ? 'G follows' : 'following';
  if (model.logShows === 'facts') return back;
  return `${plural(model.output.lines.length, 'line')} · ${back}`;
}

function draw(model: Model, { columns, rows }: Size): readonly Line[] {
  return model.logShows === 'output'
    ? drawOutput(model, { columns, rows })
    : drawFacts(model, { columns, rows });
}

function drawFacts(model: Model, { columns, rows }: Size): readonly Line[] {
  const facts = factsOf(model);
  if (facts.length === 0) return [[], [span(' Nothing has happened yet.', 'dim')]];
  return tailOf(facts, (fact) => factLines(fact, model.zoneMs, columns), rows, model.logBack);
}

function drawOutput(model: Model, { columns, rows }: Size): readonly Line[] {
  const shown = model.trials.get(model.scope.trialId);
  const name = shown === undefined ? toPlainLine(model.scope.trialId) : trialName(shown);
  const title = [span(' Output of ', 'dim'), span(name, 'strong')];
  const lines = writtenOf(model);
  if (lines.length === 0) return [title, [], [span(' It has written nothing.', 'dim')]];
  const tail = tailOf(lines, (text) => outputLines(text, columns), rows - 1, model.logBack);
  return [title, ...tail];
}
