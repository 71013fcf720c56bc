// Every row of a sweep, as a real coordinator has recorded it.

import { expect, test } from 'vitest';
import { readSweepRows } from '../../src/results/sweep-rows.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { ended, epochReport, startSmall } from '../support/coordinator.ts';

test('the rows of a sweep are those that were recorded, its trials with what they count by', async () => {
  const { state, agent } = await startSmall();
  await agent.report('small/1@0', 1, epochReport(0, 0.5));
  await agent.report('small/1@0', 1, epochReport(1, Number.NaN));
  await agent.report('small/1@0', 1, ended('completed'));
  const rows = readSweepRows(statePaths(state).database, 'small');
  expect(rows.sweep).toMatchObject({ sweep_id: 'small', metric: 'val_loss', mode: 'min' });
  expect(rows.trials.map(({ number, state: how, value }) => [number, how, value])).toEqual([
    [1, 'completed', 0.5],
    [2, 'running', null],
  ]);
  expect(rows.stages.map(({ stage_id: id, recorded_epochs: count }) => [id, count])).toEqual([
    ['small/1@0', 2],
    ['small/2@0', 0],
  ]);
  expect(rows.members.map(({ trial_id: id }) => id)).toEqual(['small/1', 'small/2']);
  expect(rows.epochs.map(({ epoch, first, greatest }) => [epoch, first, greatest])).toEqual([
    [0, 0.1, 0.1],
    [1, 0.1, 0.1],
  ]);
  const losses = rows.metrics.filter(({ name }) => name === 'val_loss');
  expect(losses.map(({ epoch, kind, value }) => [epoch, kind, value])).toEqual([
    [0, 'finite', 0.5],
    [1, 'nan', null],
  ]);
  expect(rows.agents.map(({ name }) => name)).toEqual(['agent-1']);
  expect(() => readSweepRows(statePaths(state).database, 'other')).toThrow('no record of other');
});
