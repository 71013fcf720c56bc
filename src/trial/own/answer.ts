// The two commands about strategies of one's own, carried out with the strategies that a module exports.

import type { Catalogue } from '../../lr/catalogue.ts';
import type { AnswerOf, CommandOf } from '../protocol.ts';
import { checkOwn } from './check.ts';
import { evaluateOwn } from './evaluate.ts';

/** Evaluates a stretch of steps of every strategy, each by itself: what goes wrong with one is said in its place. */
export function answerStrategies(
  { objective, from_step: fromStep, count, strategies }: CommandOf<'strategies'>,
  stepsPerEpoch: number,
  catalogue: Catalogue,
): AnswerOf<'strategies'> {
  const place = { stepsPerEpoch, objective, fromStep, count };
  const answers = strategies.map((request) => evaluateOwn(request, place, catalogue));
  return { kind: 'strategies', strategies: answers };
}

/** Says what is wrong with each strategy that is not what it must be, by its place in the command. */
export function answerCheck(
  { objective, epochs, steps_per_epoch: stepsPerEpoch, strategies }: CommandOf<'check'>,
  catalogue: Catalogue,
): AnswerOf<'checked'> {
  const run = { objective, epochs, stepsPerEpoch };
  const problems = strategies.flatMap((spec, index) => {
    const message = checkOwn(spec, run, catalogue);
    return message === undefined ? [] : [{ index, message }];
  });
  return { kind: 'checked', problems };
}
