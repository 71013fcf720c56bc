// Sweep file → SweepSpec, or everything that is wrong with it at once, each with its line and column.
// Promise: never throws, whatever the text; a spec that comes out has between one trial and the limit. Imports `yaml` and `zod`,
// which take their time: import this file when it is needed.

import { BOUNDS } from '../domain/bounds.ts';
import type { StrategyGrid, SweepSpec } from '../domain/sweep.ts';
import { isMapping } from '../lr/parse-field.ts';
import { countTrials } from '../space/grid.ts';
import { checkPoints } from './check-points.ts';
import { explainIssues, type Finding } from './explain-issues.ts';
import type { Flaw, Path } from './flaw.ts';
import { toPlainPlaces } from '../domain/plain-text.ts';
import type { Problem } from './problem.ts';
import { readYaml, type Source } from './read-yaml.ts';
import { strategySchema, toGrid } from './strategy-schema.ts';
import { objectiveSchema, sweepFileSchema, toSweepSpec } from './sweep-file-schema.ts';
import { isPrototypeKey } from './yaml-rules.ts';

const MOST_PROBLEMS = 100;

/** `file` is the name that problems are shown under; `maxTrials` (100,000) is the size above which a grid is refused. */
export type ParseOptions = { readonly file?: string; readonly maxTrials?: number };

/** A sweep and the number of its trials, or every problem found, in the order of the file. */
export type ParsedSweepFile =
  | { readonly ok: true; readonly spec: SweepSpec; readonly trials: number }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads a sweep file. */
export function parseSweepFile(text: string, options: ParseOptions = {}): ParsedSweepFile {
  const { file = 'sweep.yaml', maxTrials = BOUNDS.trialsOfSweep } = options;
  const { source, flaws } = readYaml(text);
  const read = source ? readSource(source, BigInt(maxTrials)) : [];
  if ('spec' in read && flaws.length === 0) return { ok: true, ...read };
  const all = 'spec' in read ? flaws : [...flaws, ...read];
  return { ok: false, problems: toProblems(file, all.toSorted(byPlace)) };
}

/** Nobody reads more than a hundred problems, and a hostile file can have tens of thousands. */
function toProblems(file: string, flaws: readonly Flaw[]): readonly Problem[] {
  const problems = flaws.slice(0, MOST_PROBLEMS).map((flaw) => toProblem(file, flaw));
  const next = flaws[MOST_PROBLEMS];
  if (!next) return problems;
  const message = `and ${flaws.length - MOST_PROBLEMS} more problems from here on`;
  return [...problems, { ...toProblem(file, next), path: '', message }];
}

function readSource(
  { data, flawAt }: Source,
  maxTrials: bigint,
): { spec: SweepSpec; trials: number } | readonly Flaw[] {
  const parsed = sweepFileSchema.safeParse(data);
  const found = parsed.success ? [] : explainIssues(parsed.error.issues, data);
  const findings = [...found.filter(isNews), ...checkLearningRate(data)];
  if (!parsed.success || findings.length > 0) {
    return findings.map(({ path, message, what }) => flawAt(path, message, what));
  }
  const spec = toSweepSpec(parsed.data);
  const trials = countTrials(spec);
  if (trials <= maxTrials) return { spec, trials: Number(trials) };
  const message = `received a grid of ${toSize(trials)} trials; it must be at most ${toSize(maxTrials)}`;
  return [flawAt(['learning_rate'], message, 'key')];
}

/** The rules across fields of those strategies that are good field by field, whatever else is wrong in the file. */
function checkLearningRate(data: unknown): readonly Finding[] {
  const { objective, learning_rate: items }: Partial<Record<string, unknown>> = isMapping(data)
    ? data
    : {};
  const goal = objectiveSchema.safeParse(objective);
  if (!goal.success || !Array.isArray(items)) return [];
  const grids = new Map<number, StrategyGrid>();
  for (const [i, item] of items.entries()) {
    const parsed = strategySchema.safeParse(item);
    if (parsed.success) grids.set(i, toGrid(parsed.data));
  }
  return checkPoints(grids, goal.data);
}

/** Whether a finding is not about a key that is a flaw by itself. */
function isNews({ path, what }: Finding): boolean {
  return what === 'value' || !isPrototypeKey(path.at(-1));
}

function toProblem(file: string, { line, column, path, message }: Flaw): Problem {
  return { file, line, column, path: toText(path), message: toPlainPlaces(message, 500) };
}

function toText(path: Path): string {
  const parts = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`));
  return toPlainPlaces(parts.join('').replace(/^\./, ''));
}

/** Exact, unless it has more digits than anybody reads. */
function toSize(count: bigint): string {
  const digits = count.toString();
  if (digits.length > 40) return `about ${digits.slice(0, 1)}e${digits.length - 1}`;
  return digits.replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

function byPlace(a: Flaw, b: Flaw): number {
  return a.line - b.line || a.column - b.column;
}
