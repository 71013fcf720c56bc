// Which strategies of a sweep or of a list are drawn. Promise: their order stays; whatever is left out is counted.

import { EspalierError } from '../../../domain/errors.ts';
import { nearest } from '../../../lr/nearest.ts';
import type { Candidate } from './candidate.ts';

/** Curves in one chart at most: as many as there are colours. */
export const MOST_CURVES = 6;

/** The first ones of that name, or of all, and how many more there are. @throws EspalierError `not-found` if there is none */
export function choose(
  candidates: readonly Candidate[],
  only: string | undefined,
): { readonly chosen: readonly Candidate[]; readonly left: number } {
  const named = candidates.filter(({ spec }) => only === undefined || spec.strategy === only);
  if (named.length === 0) throw noSuchStrategy(candidates, only ?? '');
  return { chosen: named.slice(0, MOST_CURVES), left: Math.max(0, named.length - MOST_CURVES) };
}

function noSuchStrategy(candidates: readonly Candidate[], only: string): EspalierError {
  const names = [...new Set(candidates.map(({ spec }) => spec.strategy))];
  const meant = nearest(only, names);
  const hint = meant === undefined ? `there is ${names.join(', ')}` : `did you mean ${meant}?`;
  return new EspalierError('not-found', `--only: received ${JSON.stringify(only)}; ${hint}`);
}
