// A plan as lines for people.

import type { SweepSpec } from '../../domain/sweep.ts';
import type { Curve } from '../../plan/curve.ts';
import type { Note } from '../../plan/notes/to-notes.ts';
import type { Plan } from '../../plan/plan-sweep.ts';
import type { Setting } from '../../plan/setting.ts';
import { toTable } from '../output.ts';
import { checkpointLines, openedLines } from './checkpoint-lines.ts';
import { epochLines } from './epoch-lines.ts';
import type { OpenedSample } from './open-sample.ts';
import { standInLines, testLines } from './test-lines.ts';
import { plural } from '../words.ts';

/** Curves and notes that are printed at most. */
export const MOST_LINES = 40;
const MOST_TRIALS_NAMED = 5;

/** A setting with its name in words and its curve. */
export type Drawn = { readonly setting: Setting; readonly name: string; readonly curve: Curve };

/** Everything there is to say of a sweep. */
export type Planned = {
  readonly spec: SweepSpec;
  readonly plan: Plan;
  /** Nothing where nothing was to be opened. */
  readonly sample: OpenedSample | undefined;
  readonly curves: readonly Drawn[];
  /** Curves left out. */
  readonly left: number;
};

/** The lines. */
export function toLines({ spec, plan, sample, curves, left }: Planned): readonly string[] {
  const { trials, families, settings, strategies } = plan;
  return [
    `${spec.name}: ${plural(trials, 'trial')} in ${plural(families, 'family')} of ${plural(settings.length, 'trial')} each`,
    'A family has one config and one seed: its trials differ only in learning rate or epochs, so they may share beginnings.',
    '',
    ...toTable(
      ['STRATEGY', 'TRIALS'],
      strategies.map((row) => [row.strategy, row.trials]),
    ),
    '',
    ...epochLines(spec, plan),
    ...testLines(spec),
    ...standInLines(spec),
    ...behindGap([
      ...(sample === undefined ? [] : openedLines(spec, plan, sample)),
      ...checkpointLines(spec, plan, sample),
    ]),
    ...noteLines(plan),
    ...curveLines(curves, left),
  ];
}

function behindGap(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}

function noteLines({ notes, families, steps }: Plan): readonly string[] {
  if (notes.length === 0) return [];
  const others =
    steps.length > 1 ? 'those with other steps may differ' : 'the others have the same';
  const whose = families > 1 ? ` (trials of the first family; ${others})` : '';
  const lines = notes.slice(0, MOST_LINES).map((note) => `  ${noteLine(note)}`);
  const left = notes.length - lines.length;
  return ['', `notes${whose}`, ...lines, ...(left > 0 ? [`  ${more(left)}`] : [])];
}

function noteLine({ message, trials }: Note): string {
  const named = trials.slice(0, MOST_TRIALS_NAMED).map((number) => `#${number}`);
  const left = trials.length - named.length;
  return `${named.join(', ')}${left > 0 ? ` and ${left} more` : ''}: ${message}`;
}

function curveLines(curves: readonly Drawn[], left: number): readonly string[] {
  if (curves.length === 0) return [];
  const table = toTable(
    ['TRIAL', 'LEARNING RATE OVER TRAINING', 'FIRST', 'GREATEST', 'LAST', ''],
    curves.map(({ setting, name, curve }) => [
      `#${setting.number}`,
      curve.chart,
      curve.first,
      curve.greatest,
      curve.last,
      `${name}${curve.isLog ? ' (log scale)' : ''}`,
    ]),
  );
  const isReactive = curves.some(({ setting }) => setting.spec.strategy === 'plateau');
  return [
    '',
    ...table,
    ...(left > 0 ? [more(left)] : []),
    ...(isReactive ? ['Plateaus are drawn as if no epoch after the first were any better.'] : []),
  ];
}

function more(count: number): string {
  return `and ${count} more (--json has them)`;
}
