// Loops of one's own: shared if they can be saved, and tried again where they stood.

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { Cluster, type Histories, runUndisturbed } from './cluster.ts';

const TRIAL = join(import.meta.dirname, 'fixtures/own.ts');

type Sweep = {
  readonly savable?: string;
  readonly sharing?: string;
  readonly flag?: string;
  readonly epochMs?: number;
};

/** A sweep file with three strategies of 8 epochs, which part before epochs 3 and 4. */
function toFile({ savable = 'true', sharing = 'on', flag = '/nowhere', epochMs = 10 }: Sweep) {
  const file = join(temporaryFolder(), 'own.yaml');
  const lines = [
    'name: own',
    `trial: ${TRIAL}`,
    'objective: { metric: val_loss, mode: min }',
    'epochs: 8',
    'backends: [cpu]',
    'retries: 0',
    'checkpoint_every: 2 epochs',
    `sharing: ${sharing}`,
    `config: { savable: ${savable}, epoch_ms: ${epochMs}, flag: ${flag}, failing: 5 }`,
    'learning_rate:',
    '  - { strategy: fixed, lr: 0.1 }',
    '  - { strategy: step, lr: 0.1, step_size: 4, gamma: 0.5 }',
    '  - { strategy: plateau, lr: 0.1, factor: 0.5, patience: 2, min_delta: 10 }',
  ];
  writeFileSync(file, lines.join('\n'));
  return file;
}

/** The histories of trials by their place in the list of strategies, those that can be saved and those that cannot. */
function bySavable(cluster: Cluster): readonly Histories[] {
  const histories = cluster.histories();
  return ['true', 'false'].map((savable) => {
    const numbers = cluster.rows(
      `SELECT number FROM trial WHERE config_json LIKE '%"savable":${savable}%' ORDER BY number`,
    );
    return numbers.map(([number]) => histories[Number(number)] ?? []);
  });
}

const TRAINED_BY = `
  SELECT count(*) FROM epoch e JOIN stage g USING (stage_id) WHERE EXISTS (
    SELECT 1 FROM trial_stage ts JOIN trial t USING (trial_id)
    WHERE ts.stage_id = g.stage_id AND t.config_json LIKE '%"savable":`;

describe("loops of one's own", { timeout: 120_000 }, () => {
  test('are shared if they can be saved and else not, and either is what it is alone', async () => {
    const savable = '[true, false]';
    const shared = await runUndisturbed(toFile({ savable }));
    const alone = await runUndisturbed(toFile({ savable, sharing: 'off' }));
    expect(shared.histories()).toEqual(alone.histories());
    const [can = {}, cannot] = bySavable(shared);
    expect(can[0]?.length).toBe(8 * 3);
    expect(cannot).toEqual(can);
    expect(shared.value(`${TRAINED_BY}true%')`)).toBe(3 + 5 + 1 + 4 + 4);
    expect(shared.value(`${TRAINED_BY}false%')`)).toBe(3 * 8);
    expect(alone.value('SELECT count(*) FROM epoch')).toBe(6 * 8);
  });

  test('that failed in one stage go on after their last recorded epoch once their mood has changed', async () => {
    const flag = join(temporaryFolder(), 'bad-mood');
    writeFileSync(flag, '');
    const cluster = new Cluster();
    await cluster.startCoordinator();
    cluster.startAgent('one', 2);
    await cluster.submit(toFile({ flag }));
    await cluster.untilCompleted('own');
    const states =
      "SELECT state, message LIKE '%in a bad mood%', epochs_done FROM trial ORDER BY number";
    expect(cluster.rows(states)).toEqual([1, 2, 3].map(() => ['failed', 1, 5]));

    rmSync(flag);
    expect(await cluster.client().retry('own')).toBe(3);
    await cluster.untilTrue(
      'the trials',
      "SELECT count(*) = 3 FROM trial WHERE state = 'completed'",
    );
    await cluster.untilCompleted('own');
    // One new stage each, from the latest checkpoint: that of the fork, or of a later best epoch, which depends on what the agent
    // had heard of the others. What was recorded since is trained again and compared.
    const again = `
      SELECT a.start_epoch >= 3, a.start_epoch + g.repeated_epochs, g.recorded_epochs
      FROM stage g JOIN attempt a USING (stage_id) WHERE stage_id LIKE '%@5.2'`;
    expect(cluster.rows(again)).toEqual([1, 2, 3].map(() => [1, 5, 3]));
    expect(cluster.value('SELECT min(reproducible) FROM stage')).toBe(1);
    expect(cluster.value('SELECT count(*) FROM epoch')).toBe(3 + 5 + 1 + 4 + 4);
    const undisturbed = await runUndisturbed(toFile({ flag }));
    expect(cluster.histories()).toEqual(undisturbed.histories());
  });
});
