import { expect, test } from 'vitest';
import { slotText } from '../../../src/dashboard/summary/slots.ts';
import { after, blank } from '../after.ts';
import { sharedSweep } from '../sample-tree.ts';
import { trialView } from '../sample.ts';

const { agents, trials, ...rest } = sharedSweep();
const other = trialView({ number: 1, trialId: 'other/1', sweepId: 's2' });
const model = after(blank(), { ...rest, agents, trials: [...trials, other] });
const slot = (trialId: string, count: number): string =>
  slotText(model, {
    name: 'gpu-0',
    kind: 'gpu',
    trialId,
    stageId: '',
    trials: count,
    description: '',
    aside: false,
    load: undefined,
  });

test('a slot is called by the trial that it trains and how many share that', () => {
  expect([slot('t3', 1), slot('t3', 12), slot('', 0)]).toEqual(['#3', '#3 +11', '']);
});

test('a trial of another sweep is called by its whole name', () => {
  expect([slot('other/1', 2), slot('unknown/7\u001B[2J', 1)]).toEqual(['other/1 +1', 'unknown/7']);
});
