// Strategies that can be drawn: from the command line as they stand in a sweep file, or from the grid of a sweep file.
// Promise: lists are axes of a grid, as in a sweep file; whatever is wrong is said with the field, the value and the rule.

import { EspalierError } from '../../../domain/errors.ts';
import type { Monitored } from '../../../lr/definition.ts';
import type { StrategyGrid, SweepSpec } from '../../../domain/sweep.ts';
import { isOwn } from '../../../lr/own.ts';
import { hasFindings } from '../../../lr/find.ts';
import { shorten } from '../../../lr/parse-field.ts';
import { parseFindings, withUsualRates } from '../../../lr/parse-findings.ts';
import type { StrategySpec } from '../../../lr/spec.ts';
import { toSettings, type Setting } from '../../../plan/setting.ts';
import { describeStrategy } from '../../../space/describe.ts';
import { countPoints, countTrials, pointAt, trialAt } from '../../../space/grid.ts';
import { explainIssues } from '../../../spec/explain-issues.ts';
import { readYaml } from '../../../spec/read-yaml.ts';
import { strategySchema, toGrid } from '../../../spec/strategy-schema.ts';

/** A strategy with a value for every field, its name in words, how long it is drawn, and whether a range test is to find a value of it. */
export type Candidate = {
  readonly name: string;
  readonly spec: StrategySpec;
  readonly epochs: number;
  readonly isToFind: boolean;
};

/** What a plateau from the command line follows where it does not say. */
const OBJECTIVE: Monitored = { metric: 'val_loss', mode: 'min' };

/** More points than this are refused in one argument: each would be made only to be left out. */
const MOST_POINTS = 10_000n;

/** Whether an argument is a strategy rather than a sweep file. */
export function isStrategyText(text: string): boolean {
  return text.trimStart().startsWith('{');
}

/** The strategies of one argument. @throws EspalierError `invalid` with every problem found */
export function parseCandidates(text: string, epochs: number): readonly Candidate[] {
  const grid = parseGrid(text);
  const points = countPoints(grid);
  if (points > MOST_POINTS)
    throw refuse(text, [`received a grid of ${points}; it must be at most ${MOST_POINTS}`]);
  return Array.from({ length: Number(points) }, (_, i) => {
    const strategy = parsePoint(pointAt(grid, BigInt(i)), text);
    const trial = { item: 0, learning_rate: strategy };
    return {
      name: nameOf(trial, { learning_rate: [grid] }),
      ...withUsual(strategy),
      epochs,
    };
  });
}

/** A strategy of one's own stays as it is: its defaults and rules are known to its module alone. */
function parsePoint(point: StrategySpec, text: string): StrategySpec {
  if (isOwn(point.strategy)) return point;
  const parsed = parseFindings(point, OBJECTIVE);
  if (parsed.ok) return parsed.strategy;
  throw refuse(
    text,
    parsed.problems.map(({ message }) => message),
  );
}

/** The strategies of a sweep: each point of `learning_rate` once, for the longest of the sweep's lengths. */
export function sweepCandidates(spec: SweepSpec): readonly Candidate[] {
  return longestOfEach(toSettings(spec), spec.epochs.length).map(({ number }) =>
    trialCandidate(spec, number),
  );
}

/** What the trial of this number, from 1, trains. @throws EspalierError `not-found` if the sweep has fewer */
export function trialCandidate(spec: SweepSpec, number: number): Candidate {
  const count = countTrials(spec);
  if (number > count)
    throw new EspalierError(
      'not-found',
      `--trial: received ${number}; the sweep has the trials 1 to ${count}`,
    );
  const trial = trialAt(spec, number - 1);
  const name = `#${number} ${nameOf(trial, spec)}`;
  return { name, ...withUsual(trial.learning_rate), epochs: trial.epochs };
}

/** A rate that is still to be found is drawn as a usual one. */
function withUsual(spec: StrategySpec): Pick<Candidate, 'spec' | 'isToFind'> {
  return { spec: withUsualRates(spec), isToFind: hasFindings(spec) };
}

function parseGrid(text: string): StrategyGrid {
  const { source, flaws } = readYaml(text);
  if (source === undefined || flaws.length > 0)
    throw refuse(
      text,
      flaws.map(({ column, message }) => `column ${column}: ${message}`),
    );
  const parsed = strategySchema.safeParse(source.data);
  if (parsed.success) return toGrid(parsed.data);
  const flawed = explainIssues(parsed.error.issues, source.data);
  throw refuse(
    text,
    flawed.map(({ path, message }) => `${path.map(String).join('.') || 'strategy'}: ${message}`),
  );
}

function refuse(text: string, problems: readonly string[]): EspalierError {
  return new EspalierError('invalid', [`the strategy ${shorten(text)}`, ...problems].join('\n  '));
}

function nameOf(
  trial: { readonly item: number; readonly learning_rate: StrategySpec },
  spec: Pick<SweepSpec, 'learning_rate'>,
): string {
  return `${trial.learning_rate.strategy} ${describeStrategy(trial, spec)}`.trimEnd();
}

function longestOfEach(settings: readonly Setting[], lengths: number): readonly Setting[] {
  return settings.flatMap((_, i) => {
    const same = i % lengths === 0 ? settings.slice(i, i + lengths) : [];
    return same.toSorted((a, b) => b.epochs - a.epochs).slice(0, 1);
  });
}
