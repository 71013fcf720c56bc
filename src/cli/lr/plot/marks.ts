// What happens on a learning-rate curve, found in its values: cuts, peaks, cycles, the ends of a warm-up and of a decay.
// Promise: a pure function of the values and the strategy's fields; it holds for any strategy of the catalogue.

import type { Mark } from '../../../chart/chart.ts';
import type { StrategySpec } from '../../../lr/spec.ts';
import { toWarmupSteps } from '../../../plan/warmup.ts';

/** What can happen, with its sign. */
const SIGNS = {
  'warm-up ends': 'w',
  cut: '▾',
  rise: '▵',
  peak: '▴',
  cycle: '↻',
  'decay begins': '↘',
  'decay ends': '→',
} as const;

type Kind = keyof typeof SIGNS;

/** Something that happens at the beginning of a 0-based step. */
export type Happening = { readonly kind: Kind; readonly step: number };

/** Changes smaller than this share of the greatest value are rounding. */
const NEAR = 1e-9;

/** A level of at least this share of all steps is one on purpose, not the flat top of a curve. */
const LONG = 0.02;

/** Of one kind at most so many are marked; more would be a row of signs that nobody can tell apart. */
const MOST_OF_A_KIND = 40;

/** Whether the values of a strategy stand on stairs: each holds until the next. */
export function isStairs({ strategy, monitor, staircase }: StrategySpec): boolean {
  return STAIRS.has(strategy) || monitor !== undefined || staircase === true;
}

const STAIRS = new Set(['fixed', 'step', 'multistep', 'piecewise']);

/** Everything that happens in a training, by rising step. */
export function findHappenings(
  spec: StrategySpec,
  rates: Float64Array,
  stepsPerEpoch: number,
): readonly Happening[] {
  const warm = Math.min(toWarmupSteps(spec, stepsPerEpoch), rates.length);
  const values = rates.subarray(warm);
  const pieces = toPieces(values);
  const found = isStairs(spec) ? pieces.flatMap(stepsOf) : turnsOf(pieces, values.length);
  const ends: readonly Happening[] =
    warm > 0 && warm < rates.length ? [{ kind: 'warm-up ends', step: 0 }] : [];
  return [...ends, ...found].map(({ kind, step }) => ({ kind, step: step + warm }));
}

/** Happenings as marks on an axis of epochs, and of which kinds there are too many to mark. */
export function toMarks(
  happenings: readonly Happening[],
  stepsPerEpoch: number,
  series: number,
): { readonly marks: readonly Mark[]; readonly many: readonly string[] } {
  const counts = new Map<Kind, number>();
  for (const { kind } of happenings) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const isMany = (kind: Kind): boolean => (counts.get(kind) ?? 0) > MOST_OF_A_KIND;
  const marks = happenings
    .filter(({ kind }) => !isMany(kind))
    .map(({ kind, step }) => ({ x: step / stepsPerEpoch, label: kind, sign: SIGNS[kind], series }));
  const many = [...counts].filter(([kind]) => isMany(kind)).map(([kind, n]) => `${n} × ${kind}`);
  return { marks, many };
}

/** A stretch on which the values move one way: the changes into the steps after `from`, up to and including `to`. */
type Piece = { readonly way: -1 | 0 | 1; readonly from: number; to: number };

function toPieces(values: Float64Array): readonly Piece[] {
  const small = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) * NEAR;
  const pieces: Piece[] = [];
  for (let step = 1; step < values.length; step += 1) {
    const change = (values[step] ?? 0) - (values[step - 1] ?? 0);
    const way = Math.abs(change) <= small ? 0 : change < 0 ? -1 : 1;
    const last = pieces.at(-1);
    if (last?.way === way) last.to = step;
    else pieces.push({ way, from: step - 1, to: step });
  }
  return pieces;
}

/** Every change of a staircase. */
function stepsOf({ way, from, to }: Piece): readonly Happening[] {
  if (way === 0) return [];
  const kind = way < 0 ? 'cut' : 'rise';
  return Array.from({ length: to - from }, (_, i) => ({ kind, step: from + i + 1 }));
}

/** Where a curve turns, from each two pieces that follow each other; short levels between them are the flat of a turn. */
function turnsOf(all: readonly Piece[], steps: number): readonly Happening[] {
  const pieces = all.filter((piece) => piece.way !== 0 || lengthOf(piece) >= LONG * steps);
  return pieces.flatMap((piece, i) => {
    const [before, after] = [pieces[i - 1], pieces[i + 1]];
    const kind = before === undefined ? undefined : turnBetween(before, piece);
    if (isJump(before, piece, after))
      return [{ kind: piece.way > 0 ? 'cycle' : 'cut', step: piece.to } as const];
    if (before === undefined || kind === undefined || isJump(pieces[i - 2], before, piece))
      return [];
    return [{ kind, step: Math.round((before.to + piece.from) / 2) }];
  });
}

function turnBetween({ way: before }: Piece, { way }: Piece): Kind | undefined {
  if (way < 0) return before > 0 ? 'peak' : before === 0 ? 'decay begins' : undefined;
  if (before >= 0) return undefined;
  return way > 0 ? 'cycle' : 'decay ends';
}

/** Whether a single step leaps up out of a fall or a level, or down from a level to a level. */
function isJump(before: Piece | undefined, piece: Piece, after: Piece | undefined): boolean {
  if (before === undefined || lengthOf(piece) > 1 || lengthOf(before) === 1) return false;
  if (piece.way > 0) return before.way <= 0;
  return piece.way < 0 && before.way === 0 && (after === undefined || after.way === 0);
}

function lengthOf({ from, to }: Piece): number {
  return to - from;
}
