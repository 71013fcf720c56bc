// Sweeps whose learning rates are found by range tests before they train, with real processes.

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { espalier, processesWith } from '../support/processes.ts';
import { Cluster, runUndisturbed } from './cluster.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const LABELS = 'SELECT strategy_label, seed FROM trials ORDER BY number';

/** Attempts that ended in the middle, since they had found rates. */
const TESTED = `SELECT count(*) FROM attempt WHERE message = 'the range tests are over'`;

describe('a sweep with rates to be found', { timeout: 240_000 }, () => {
  test('finds them once for each config; both seeds have them, show tells of them, and verify says same', async () => {
    const cluster = await runUndisturbed(join(FIXTURES, 'valley.yaml'));
    expect(cluster.value(TESTED)).toBe(2);
    const rows = cluster.rows(LABELS).map(([label, seed]) => [String(label), seed]);
    const [labels = [], others] = [1, 2].map((seed) =>
      rows.filter((row) => row[1] === seed).map(([label]) => String(label)),
    );
    expect(others).toEqual(labels);
    expect(labels.slice(0, 2)).toEqual(['lr 0.05', 'lr 0.05']);
    // The second config is eight times as steep.
    const [gentle = 0, steep = 0] = labels.slice(2, 4).map((label) => Number(label.slice(3)));
    expect([gentle > 0.01, gentle < 1, steep < gentle]).toEqual([true, true, true]);
    expect(labels[6]).toMatch(new RegExp(`^base_lr [0-9.]+ max_lr ${gentle} step_size 1 epoch$`));
    // They train as they are labelled.
    const trained = `
      SELECT DISTINCT r.first FROM learning_rates r JOIN trials t USING (trial_id) WHERE t.number IN (5, 6)`;
    expect(cluster.rows(trained)).toEqual([[Math.fround(gentle)]]);

    const show = espalier(['show', 'valley', '--state', cluster.state]);
    expect(await show.ended).toBe(0);
    for (const suggest of ['valley', 'steepest'])
      expect(show.output()).toMatch(
        new RegExp(
          `^range test of {"curvature":8,"flat":false} by ${suggest}: max_lr [0-9.]+ \\(3 of 3 seeds, `,
          'm',
        ),
      );
    expect(show.output()).toContain(`by valley: max_lr ${gentle} (`);

    const verify = espalier(['verify', 'valley', '--state', cluster.state, '--slots', '2']);
    expect([await verify.ended, verify.output()]).toEqual([
      0,
      expect.stringContaining('valley: 16 same\n'),
    ]);
  });

  test('that has a config with nothing to be found there says why, ends with it, and trains the others', async () => {
    const cluster = new Cluster();
    const file = join(FIXTURES, 'flat.yaml');
    const run = espalier(['run', file, '--state', cluster.state, '--slots', '2']);
    expect(await run.ended).toBe(8);
    expect(run.output()).toContain('6 trials failed');
    expect(run.output()).toContain('the range test found no learning rate (valley): the loss does');
    const states = `
      SELECT config_json LIKE '%"flat":true%' AND strategy_json LIKE '%find%', state, count(*)
      FROM trials GROUP BY 1, 2`;
    expect(cluster.rows(states)).toEqual([
      [0, 'completed', 10],
      [1, 'failed', 6],
    ]);
    // Not once more for the other seed.
    expect(cluster.value(TESTED)).toBe(2);
    expect(processesWith(cluster.state)).toEqual([]);
  });
});
