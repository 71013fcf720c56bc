// Members with strategies of one's own, evaluated by a process that has their code.

import { expect, test } from 'vitest';
import { type Member, observe, partition, toMembers } from '../../../agent/core/cohort.ts';
import { evaluateMembers } from '../../../agent/trial/own-strategies.ts';
import { evaluateOwn } from '../../../src/trial/own/evaluate.ts';
import type { AnswerOf, CommandOf } from '../../../src/trial/protocol.ts';
import { TOY_STRATEGIES } from '../../simulation/toy-strategies.ts';

const OBJECTIVE = { metric: 'val_loss', mode: 'min' } as const;

function join(stepsPerEpoch: number, ...specs: readonly object[]): readonly Member[] {
  const members = specs.map((values, i) => ({
    trialId: `w/${i + 1}`,
    number: i + 1,
    spec: { strategy: 'own/halving', ...values },
    epochs: 4,
  }));
  return toMembers(members, { stepsPerEpoch, objective: OBJECTIVE });
}

/** A process with the toy's module, which keeps the commands that it was given. */
function toProcess(stepsPerEpoch: number): {
  readonly asked: CommandOf<'strategies'>[];
  readonly ask: (command: CommandOf<'strategies'>) => Promise<AnswerOf<'strategies'>>;
} {
  const asked: CommandOf<'strategies'>[] = [];
  const ask = (command: CommandOf<'strategies'>): Promise<AnswerOf<'strategies'>> => {
    asked.push(command);
    const { objective, from_step: fromStep, count } = command;
    const place = { stepsPerEpoch, objective, fromStep, count };
    const strategies = command.strategies.map((one) => evaluateOwn(one, place, TOY_STRATEGIES));
    return Promise.resolve(JSON.parse(JSON.stringify({ kind: 'strategies', strategies })));
  };
  return { asked, ask };
}

const RUN = { epoch: 0, stepsPerEpoch: 2, objective: OBJECTIVE };

test('equal learning rates keep members together, and what they see parts them', async () => {
  const { ask } = toProcess(2);
  let members = await evaluateMembers(join(2, { lr: 0.5 }, { lr: 0.5, least: 0.4 }), RUN, ask);
  expect(partition(members, 0, 2).map((same) => same.members.length)).toEqual([2]);
  for (const [epoch, loss] of [1, 2].entries()) {
    members = observe(members, epoch, { val_loss: loss });
    members = await evaluateMembers(members, { ...RUN, epoch: epoch + 1 }, ask);
  }
  const classes = partition(members, 2, 2).map(({ controls }) => controls.learningRate);
  expect(classes).toEqual([0.25, Math.fround(0.4)]);
});

test('what was recorded is seen in order and once, whether told epoch by epoch or all at once', async () => {
  const losses = [3, 2, 4, 1];
  const { ask } = toProcess(2);
  let stepwise = join(2, { lr: 0.5 });
  let atOnce = stepwise;
  for (const [epoch, loss] of losses.slice(0, 3).entries()) {
    stepwise = await evaluateMembers(stepwise, { ...RUN, epoch }, ask);
    stepwise = observe(stepwise, epoch, { val_loss: loss });
    atOnce = observe(atOnce, epoch, { val_loss: loss });
  }
  const last = { ...RUN, epoch: 3 };
  expect((await evaluateMembers(stepwise, last, ask))[0]?.state).toEqual(
    (await evaluateMembers(atOnce, last, ask))[0]?.state,
  );
});

test('members of the catalogue, those that have finished and those that are ready are not asked about', async () => {
  const { ask, asked } = toProcess(2);
  const ours = toMembers(
    [{ trialId: 'w/9', number: 9, spec: { strategy: 'fixed', lr: 0.1 }, epochs: 4 }],
    { stepsPerEpoch: 2, objective: OBJECTIVE },
  );
  expect(await evaluateMembers(ours, RUN, ask)).toBe(ours);
  const ready = await evaluateMembers(join(2, { lr: 0.5 }), RUN, ask);
  expect(await evaluateMembers(ready, RUN, ask)).toBe(ready);
  expect(await evaluateMembers(ready, { ...RUN, epoch: 4 }, ask)).toBe(ready);
  expect(asked).toHaveLength(1);
});

test('a member whose code fails has an obstacle and parts from the others', async () => {
  const { ask } = toProcess(2);
  const members = await evaluateMembers(join(2, { lr: 0.5 }, { lr: 0.5, leest: 1 }), RUN, ask);
  expect(members.map(({ obstacle }) => obstacle)).toEqual([
    undefined,
    expect.stringMatching(/trial w\/2, own\/halving: leest: .*did you mean least/),
  ]);
  expect(partition(members, 0, 2)).toHaveLength(2);
});

test('long epochs are asked for in pieces, many members in batches, and come out whole', async () => {
  const steps = 50_001;
  const { ask, asked } = toProcess(steps);
  const root = { strategy: 'own/inverseRoot', lr: 0.5, from: 7 };
  const [member] = await evaluateMembers(
    join(steps, root),
    { ...RUN, epoch: 1, stepsPerEpoch: steps },
    ask,
  );
  const { learningRate } =
    partition(member === undefined ? [] : [member], 1, steps)[0]?.controls ?? {};
  const expected = Float32Array.from({ length: steps }, (_, i) => 0.5 * Math.sqrt(7 / (steps + i)));
  expect(learningRate).toEqual(expected);
  expect(asked.map(({ count }) => count)).toEqual([20_000, 20_000, 10_001]);

  const many = Array.from({ length: 12 }, (_, i) => ({ ...root, from: i + 1 }));
  const sizesOf = async (stepsPerEpoch: number): Promise<readonly number[]> => {
    const { ask: askMany, asked: batches } = toProcess(stepsPerEpoch);
    await evaluateMembers(join(stepsPerEpoch, ...many), { ...RUN, stepsPerEpoch }, askMany);
    return batches.map(({ strategies }) => strategies.length);
  };
  // Twenty thousand values, and five states, which may be large.
  expect(await sizesOf(6000)).toEqual([3, 3, 3, 3]);
  expect(await sizesOf(10)).toEqual([5, 5, 2]);
});
