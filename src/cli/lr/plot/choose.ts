// Which strategies of a sweep or of a list are drawn. Promise: their order stays; whatever is left out is counted.

import { EspalierError } from '../../../domain/errors.ts';
import { nearest } from '../../../lr/nearest.ts';
import { isOwn } from '../../../lr/own.ts';
import type { Candidate } from './candidate.ts';

/** Curves in one chart at most: as many as there are colours. */
export const MOST_CURVES = 6;

/** What is drawn, how many more could be, and how many only the trial's module can evaluate. */
export type Chosen = {
  readonly chosen: readonly Candidate[];
  readonly left: number;
  readonly own: number;
};

/** The first ones of that name, or of all. @throws EspalierError `not-found` if there is none, `invalid` if none can be drawn */
export function choose(candidates: readonly Candidate[], only: string | undefined): Chosen {
  const named = candidates.filter(({ spec }) => only === undefined || spec.strategy === only);
  if (named.length === 0) throw noSuchStrategy(candidates, only ?? '');
  const known = named.filter(({ spec }) => !isOwn(spec.strategy));
  if (known.length === 0) throw onlyOwn(named);
  return {
    chosen: known.slice(0, MOST_CURVES),
    left: Math.max(0, known.length - MOST_CURVES),
    own: named.length - known.length,
  };
}

function onlyOwn(named: readonly Candidate[]): EspalierError {
  const names = [...new Set(named.map(({ spec }) => spec.strategy))].join(', ');
  return new EspalierError(
    'invalid',
    `received ${names}; only the trial's module can evaluate it: draw strategies of the catalogue`,
  );
}

function noSuchStrategy(candidates: readonly Candidate[], only: string): EspalierError {
  const names = [...new Set(candidates.map(({ spec }) => spec.strategy))];
  const meant = nearest(only, names);
  const hint = meant === undefined ? `there is ${names.join(', ')}` : `did you mean ${meant}?`;
  return new EspalierError('not-found', `--only: received ${JSON.stringify(only)}; ${hint}`);
}
